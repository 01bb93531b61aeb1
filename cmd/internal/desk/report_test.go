package desk

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage"
)

// TestReleaseReport: it tells when an article was due and public, when servers accepted it and
// which are missing, as a page, a table and JSON; of what is under embargo there is none.
func TestReleaseReport(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	before := h.publish("Before anybody followed")
	h.followed("good.example")
	h.followed("slow.example")
	a := h.publish("Treaty on harbours signed", "published: 2026-11-26 09:31")
	secret := h.publish("Fisheries talks", "published: 2026-12-01 10:00")
	h.clock.Pass(62 * time.Second) // two seconds late
	err := h.room.Store.Update(t.Context(), func(tx *storage.Tx) error { _, err := tx.Release(10); return err })
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Pass(3 * time.Second)
	h.settled("good.example", true)
	h.settled("slow.example", false)
	h.invite("root", "operator")
	reader, path := h.signedIn("r.one", "reader"), "/articles/"+string(a.ID)+"/report"
	for _, says := range []string{"<b>09:31:02</b>", "2s after it was due", "1 of 2 servers", "3.1s after it was public", "https://slow.example/inbox", "503: down for repairs", "<dt>Page seen</dt><dd>not: nobody looked"} {
		reader.is("the page", reader.get(path), http.StatusOK, "", says)
	}
	reader.is("of what nobody was told", reader.get("/articles/"+string(before.ID)+"/report"), http.StatusOK, "", "No server followed when it went out.")
	var report newsroom.Report
	if err := json.Unmarshal([]byte(reader.get(path+".json").body), &report); err != nil {
		t.Fatal(err)
	}
	released := report.Releases[0]
	if one := released.Actors[0]; released.Public.Sub(released.Due) != 2*time.Second || one.Accepted != 1 || one.Missing[0].Why != "503: down for repairs" || one.First.IsZero() || one.Last != one.First {
		t.Errorf("the report is %+v", report)
	}
	table := reader.get(path + ".csv")
	for _, line := range []string{"release,actor,what,value", "published,ministry,accepted,1", "published,ministry,first,2026-11-26T09:31:05.1Z", "published,ministry,missing,https://slow.example/inbox 503: down for repairs"} {
		if !strings.Contains(table.body, line+"\n") {
			t.Errorf("the table lacks %q:\n%s", line, table.body)
		}
	}
	if table.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Error(table.header)
	}
	approver, elsewhere := h.signedIn("e.lima", "approver"), h.signedIn("m.one", "editor:the-minister")
	for _, ending := range []string{"", ".csv", ".json"} {
		elsewhere.is("of what she may not read", elsewhere.get("/articles/"+string(secret.ID)+"/report"+ending), http.StatusNotFound, "", "")
		approver.is("of what is under embargo", approver.get("/articles/"+string(secret.ID)+"/report"+ending), http.StatusOK, "", "2026")
	}
	approver.is("until when", approver.get("/articles/"+string(secret.ID)+"/report"), http.StatusOK, "", "It has not been released: it is under embargo until <time")
}

// TestReportOfWhatIsBackDated: a date that was over when it was written is none at which anything
// was due.
func TestReportOfWhatIsBackDated(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, date string
		says, not  string
	}{
		{"yesterday", "published: 2026-11-25 09:31", "back-dated", "after it was due"},
		{"a day", "published: 2026-11-25", "back-dated", "after it was due"},
		{"now", "", "Public", "<dt>Due</dt>"},
	} {
		h := newHouse(t)
		var fields []string
		if tt.date != "" {
			fields = append(fields, tt.date)
		}
		a := h.publish("Treaty on harbours", fields...)
		h.invite("root", "operator")
		reader := h.signedIn("r.one", "reader")
		page := reader.get("/articles/" + string(a.ID) + "/report")
		reader.is(tt.name, page, http.StatusOK, "", tt.says)
		if strings.Contains(page.body, tt.not) {
			t.Errorf("%s: the report says %q", tt.name, tt.not)
		}
	}
}
