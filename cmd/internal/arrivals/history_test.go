package arrivals_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communique/cmd/internal/arrivals"
)

const inbox = "http://127.0.0.1/inbox"

// activity is one about the article "a", at a second of a day.
func activity(id, kind string, second int) []byte {
	field := map[string]string{"Create": "published", "Update": "updated", "Delete": "deleted"}[kind]
	return fmt.Appendf(nil, `{"id":%q,"type":%q,"object":{"id":"a",%q:"2026-01-02T03:04:%02dZ"}}`, id, kind, field, second)
}

func record(t *testing.T, h *arrivals.History, inbox string, bodies ...[]byte) {
	t.Helper()
	for _, body := range bodies {
		a, err := arrivals.Read(body)
		if err != nil {
			t.Fatal(err)
		}
		h.Record(inbox, a, body)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]arrivals.Arrival{
		`{"id":"1","type":"Create","object":{"id":"a","published":"2026","updated":"2027"}}`: {ID: "1", Kind: "Create", Object: "a", Updated: "2027"},
		`{"id":"2","type":"Announce","object":"a"}`:                                          {ID: "2", Kind: "Announce", Object: "a"},
		`{"id":"3","type":"Accept"}`:                                                         {ID: "3", Kind: "Accept"},
	} {
		got, err := arrivals.Read([]byte(text))
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(arrivals.Arrival{}, "At")); diff != "" || err != nil {
			t.Errorf("%s: %v %s", text, err, diff)
		}
	}
	if _, err := arrivals.Read([]byte("hello")); err == nil {
		t.Error("a text that is not JSON was read")
	}
}

// TestFaults: what breaks a promise is found, and what does not is not.
func TestFaults(t *testing.T) {
	t.Parallel()
	create, update, remove := activity("1", "Create", 1), activity("2", "Update", 2), activity("3", "Delete", 3)
	for name, tt := range map[string]struct {
		bodies [][]byte
		fault  string
	}{
		"in order":                  {[][]byte{create, update, remove}, ""},
		"repeated":                  {[][]byte{create, update, create, update, remove}, ""},
		"an older state":            {[][]byte{update, create}, "got 1 after 2"},
		"after the withdrawal":      {[][]byte{remove, activity("4", "Update", 4)}, "got 4 after 3"},
		"two bodies":                {[][]byte{create, activity("1", "Create", 2)}, "1 has two bodies"},
		"two updates of one second": {[][]byte{create, update, activity("5", "Update", 2)}, ""},
	} {
		h := arrivals.New()
		record(t, h, inbox, tt.bodies...)
		switch err := h.Faults(); {
		case err == nil && tt.fault != "":
			t.Errorf("%s: not found", name)
		case err != nil && (tt.fault == "" || !strings.Contains(err.Error(), tt.fault)):
			t.Errorf("%s: %v", name, err)
		}
	}
	h := arrivals.New()
	for n := range 100 {
		h.Problem("number %d", n)
	}
	if n := strings.Count(h.Faults().Error(), ";"); n > 20 {
		t.Errorf("%d problems are kept", n)
	}
}

// TestCounts: who has what, whatever was repeated.
func TestCounts(t *testing.T) {
	t.Parallel()
	h := arrivals.New()
	began := time.Now()
	create, update := activity("1", "Create", 1), activity("2", "Update", 2)
	record(t, h, inbox, create, update, create)
	record(t, h, inbox+"/2", create)
	all := []string{inbox, inbox + "/2", inbox + "/3"}
	object, updated := h.Newest()
	type counts struct {
		Count, Repeated, Reached, Since, LackUpdate, LackAny, Of int
		Object, Updated                                          string
	}
	got := counts{
		h.Count(), h.Repeated(), h.Reached(began.Add(-time.Second)), len(h.Since(began)),
		h.Lacking(all, "a", func(a arrivals.Arrival) bool { return a.Updated == updated }),
		h.Lacking(all, "a", func(arrivals.Arrival) bool { return true }), len(h.Of(inbox, "a")), object, updated,
	}
	if diff := cmp.Diff(counts{4, 1, 2, 2, 2, 1, 2, "a", "2026-01-02T03:04:02Z"}, got); diff != "" {
		t.Error(diff)
	}
	future := time.Now().Add(time.Minute)
	if h.Reached(future) != 0 || len(h.Since(future)) != 0 {
		t.Error("something arrived in the future")
	}
}
