package desk

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestCorrectionAtAnInstant: a correction is given an instant of its own in its form, in the ministry's
// zone or another; who approves it is told when it is carried out, and it is, then. What is no instant
// is explained, and nothing that was typed is lost by it.
func TestCorrectionAtAnInstant(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a, other := h.publish("Treaty on harbours signed"), h.publish("Summit of the islands")
	h.invite("root", "operator")
	rui, eva := h.signedIn("rui", "editor"), h.signedIn("eva", "approver")
	article := "/articles/" + string(a.ID)
	got := rui.post(article + "/correction")
	at, fields := strings.TrimSuffix(got.path, "/edit"), fieldsOf(got)
	fields["text"], fields["note"] = "The text of it: on ports signed.", "The word was wrong."
	for _, tt := range []struct{ name, day, clock, zone, says string }{
		{"past", "2026-11-26", "08:00", "", "The instant is past: leave it empty to have it done as soon as it is approved"},
		{"past in another zone", "2026-11-26", "18:00", "Asia/Tokyo", "The instant is past"},
		{"a day alone", "2026-11-27", "", "", "rite the time of the day, too"},
		{"a time alone", "", "10:00", "", "time"},
		{"no day", "2026-02-30", "10:00", "", "does not exist in the calendar"},
		{"no hour there", "2027-03-28", "01:30", "", "Europe/Lisbon"},
		{"an hour that comes twice", "2027-10-31", "01:30", "", "Europe/Lisbon"},
		{"an hour that is not in another zone", "2027-03-28", "02:30", "Europe/Oslo", "Europe/Oslo"},
		{"no zone", "2026-11-27", "10:00", "Atlantis/Port", "Atlantis/Port"},
		{"no offset", "2026-11-27", "10:00", "+25:00", "is not the offset of a zone"},
	} {
		fields["goes-date"], fields["goes-time"], fields["goes-zone"] = tt.day, tt.clock, tt.zone
		got := rui.writes(at+"/edit", fields)
		rui.is(tt.name, got, http.StatusUnprocessableEntity, "", tt.says)
		rui.is(tt.name, got, http.StatusUnprocessableEntity, "", "on ports signed.</textarea>")
	}
	fields["goes-date"], fields["goes-time"], fields["goes-zone"] = "2026-11-28", "03:00", "Asia/Tokyo"
	rui.is("written", rui.writes(at+"/edit", fields), http.StatusOK, at, "Friday 27 November 2026, <b>18:00</b>")
	rui.is("its form", rui.get(at+"/edit"), http.StatusOK, "", `name="goes-time" value="18:00:00"`)
	rui.is("submitted", rui.post(at+"/submission", "revision", "2"), http.StatusOK, at, "in review")
	shown := eva.get(at)
	eva.is("what it does", shown, http.StatusOK, at, "corrects it on Friday 27 November 2026, 18:00 in Europe/Lisbon")
	rui.is("who wrote it approves", rui.post(at+"/approval", shown.hidden(t, at+"/approval")...), http.StatusOK, "/account/second-factor", "")
	eva.is("approved", eva.post(at+"/approval", shown.hidden(t, at+"/approval")...), http.StatusOK, at, `<span class="state approved">approved</span>`)
	eva.is("in the calendar", eva.get("/calendar"), http.StatusOK, "", `<span class="state approved">approved</span>`)
	late := strings.TrimSuffix(rui.post("/articles/"+string(other.ID)+"/correction").path, "/edit")
	fields = fieldsOf(rui.get(late + "/edit"))
	fields["text"], fields["note"], fields["goes-date"], fields["goes-time"] = "The summit of the isles.", "The word was wrong.", "2026-11-27", "18:00"
	rui.is("another one", rui.writes(late+"/edit", fields), http.StatusOK, late, "Friday 27 November 2026, <b>18:00</b>")
	rui.is("submitted", rui.post(late+"/submission", "revision", "2"), http.StatusOK, late, "in review")
	for _, moment := range []struct {
		at    time.Time
		state string
		says  string
	}{
		{time.Date(2026, 11, 27, 17, 59, 59, 0, time.UTC), "approved", "harbours"},
		{time.Date(2026, 11, 27, 18, 0, 0, 0, time.UTC), "released", "on ports signed"},
	} {
		h.clock.Set(moment.at)
		if err := h.desk.Room.Watch(t.Context()); err != nil {
			t.Fatal(err)
		}
		rui.signIn("rui", goodPassword, "")
		rui.is(moment.state, rui.get("/manuscripts?pile="+moment.state), http.StatusOK, "", "Treaty on harbours signed")
		rui.is(moment.state, rui.get(article), http.StatusOK, article, moment.says)
		rui.is("nobody has approved the other one", rui.get("/articles/"+string(other.ID)), http.StatusOK, "", "Summit of the islands")
	}
	rui.is("the other one", rui.get(late), http.StatusOK, late, "The article says what was approved before until somebody does")
}
