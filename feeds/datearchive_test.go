package feeds_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

func TestArchiveByDate(t *testing.T) {
	t.Parallel()
	n := open(t)
	at := func(text string) time.Time {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for title, when := range map[string]string{
		"Old treaty": "1998-03-04T10:00:00Z", "Before the epoch": "1961-05-06T10:00:00Z",
		// The site is two hours ahead: it is New Year there already.
		"New Year": "2025-12-31T23:30:00Z", "Last of June": "2026-06-30T21:59:59Z", "First of July": "2026-06-30T22:00:00Z",
	} {
		n.publish(press.Draft{Title: title, Published: at(when), Silent: true})
	}
	n.publish(press.Draft{Title: "Elsewhere", Published: at("2024-02-02T10:00:00Z"), Silent: true, Section: n.ministry.ID})
	n.publish(press.Draft{Title: "Tomorrow", Published: n.clock.Now().AddDate(2, 0, 0)})
	for path, want := range map[string][]string{ // what it names, and with a minus what it does not
		"/en/archive/":                           {"/en/archive/2026/", "/en/archive/2024/", "/en/archive/1998/", "/en/archive/1961/", "-2025", "-2028"},
		"/en/archive/2026/":                      {"/2026/01/", "/2026/06/", "/2026/07/", "-/2026/02/", "-/2025"},
		"/en/archive/2026/06/":                   {"Last of June", "-First of July", "-New Year"},
		"/en/archive/2026/01/":                   {"New Year"},
		"/en/archive/1961/05/":                   {"Before the epoch"},
		"/en/the-ministry/the-minister/archive/": {"/en/the-ministry/the-minister/archive/1998/", "-2024"},
		"/en/the-ministry/archive/2024/02/":      {"Elsewhere"},
		"/ar/archive/":                           {"لم يُنشر شيء هنا بعد."},
	} {
		r := n.get(path)
		body := text(t, r)
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
		for _, w := range want {
			if absent, no := strings.CutPrefix(w, "-"); strings.Contains(body, strings.TrimPrefix(w, "-")) == no {
				t.Errorf("%s: %q is there: %v", path, absent, no)
			}
		}
	}
	for path, want := range map[string]int{
		"/en/archive/2025/": 404, "/en/archive/2026/02/": 404, "/en/archive/2026/13/": 404, "/en/archive/2026/00/": 404,
		"/en/archive/0000/": 404, "/en/archive/9999/": 404, "/en/archive/9999/12/": 404, "/en/archive/20266/": 404,
		"/en/archive/2028/": 404, "/en/archive/2026/6/": 404, "/en/archive/2026/06/01/": 404, "/xx/archive/": 404,
		"/en/nowhere/archive/": 404, "/en/archive/2026/06": 301, "/en/archive": 301, "/en/the-ministry/archive/2024": 301,
		"/en/archive/?before=x": 400, "/en/archive/?before=0-aaaaaaaaaaaaaaaa": 400, "/en/archive/2026/06/?after=0-aaaaaaaaaaaaaaaa": 400,
	} {
		if r := n.get(path); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
	}
}

// TestDaysWithoutMidnight: a day on which the clocks go forward at midnight begins
// at one o'clock, and what was published in the hour before is of the day before.
func TestDaysWithoutMidnight(t *testing.T) {
	t.Parallel()
	n := open(t)
	var err error
	if n.zone, err = time.LoadLocation("America/Asuncion"); err != nil {
		t.Fatal(err)
	}
	n.handler = n.serve()
	last := time.Date(2023, time.October, 1, 3, 30, 0, 0, time.UTC) // half past eleven; one o'clock is next
	n.publish(press.Draft{Title: "Last of September", Published: last, Silent: true})
	n.publish(press.Draft{Title: "First of October", Published: last.Add(time.Hour), Silent: true})
	for path, want := range map[string][2]bool{
		"/en/archive/2023/09/":                    {true, false},
		"/en/archive/2023/10/":                    {false, true},
		search("en", "of", "until", "2023-09-30"): {true, false},
		search("en", "of", "from", "2023-10-01"):  {false, true},
		search("en", "of", "from", "2023-09-30"):  {true, true},
		search("en", "of", "until", "2023-10-01"): {true, true},
	} {
		r := n.get(path)
		body := text(t, r)
		body = strings.NewReplacer("<mark>", "", "</mark>", "").Replace(body)
		got := [2]bool{strings.Contains(body, ">Last of September<"), strings.Contains(body, ">First of October<")}
		if got != want || r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d, last of September and first of October are there: %v, want %v", path, r.StatusCode, got, want)
		}
	}
	if body := text(t, n.get("/en/archive/2023/")); !strings.Contains(body, "/en/archive/2023/09/") || !strings.Contains(body, "/en/archive/2023/10/") {
		t.Error("a month is missing")
	}
}

func TestArchiveMonthIsPaged(t *testing.T) {
	t.Parallel()
	n := open(t)
	for i := range 45 {
		n.publish(press.Draft{Title: fmt.Sprintf("Statement %02d", i), Published: n.clock.Now().AddDate(0, -1, 0), Silent: true})
	}
	seen := map[string]int{}
	path := "/en/archive/2026/08/"
	for page := 1; path != ""; page++ {
		body := text(t, n.get(path))
		for i := range 45 {
			seen[fmt.Sprint(i)] += strings.Count(body, fmt.Sprintf(">Statement %02d<", i))
		}
		_, after, ok := strings.Cut(body, `rel="next" href="`)
		if path = ""; ok {
			path, _, _ = strings.Cut(after, `"`)
			path = strings.TrimPrefix(path, base)
		}
		if page > 3 {
			t.Fatal("the pages don't end")
		}
	}
	for i := range 45 {
		if seen[fmt.Sprint(i)] != 1 {
			t.Errorf("statement %d is there %d times", i, seen[fmt.Sprint(i)])
		}
	}
}
