package accept

import "testing"

func TestActivity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		who, accept string
		want        bool
	}{
		{"Mastodon, a fetch", `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, true},
		{"Mastodon, a pasted link", `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.1`, true},
		{"without profile", `application/ld+json`, true},
		{"a browser", `text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8`, false},
		{"curl", `*/*`, false},
		{"nothing said", ``, false},
		{"equal weights", `text/html, application/activity+json`, true},
		{"equal to a wildcard", `application/activity+json, */*`, true},
		{"page first", `text/html, application/activity+json;q=0.9`, false},
		{"wildcard first", `*/*, application/activity+json;q=0.9`, false},
		{"object refused", `application/activity+json;q=0`, false},
		{"object refused, page too", `application/activity+json;q=0, text/html;q=0`, false},
		{"impossible weight", `application/activity+json;q=2`, false},
		{"no number", `application/activity+json;q=NaN`, false},
		{"comma in quotes", `application/ld+json; profile="a, text/html", text/html;q=0.5`, true},
		{"escaped quote", `application/ld+json; profile="a\", text/html", text/html;q=0.5`, true},
		{"escaped backslash", `application/ld+json; profile="\\", text/html;q=0.5`, true},
		{"malformed range left out", `;;;, application/activity+json`, true},
		{"plain JSON", `application/json`, false},
		{"page refused", `text/html;q=0`, false},
		{"anything but the page", `text/html;q=0, */*`, true},
		{"anything but text", `text/*;q=0.0, application/*;q=0.1`, true},
		{"nothing", `*/*;q=0`, false},
		{"the object alone", `*/*;q=0, application/activity+json;q=0.1`, true},
	} {
		if got := Activity(c.accept); got != c.want {
			t.Errorf("I7 %s: Activity(%q) = %t", c.who, c.accept, got)
		}
	}
}

func TestRefusesPages(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"": false, "text/html": false, "application/json": false, "*/*": false, "text/html;q=0.001": false,
		"text/html;q=0": true, "TEXT/HTML; Q=0.000": true, "text/html;q=0, */*": true, "text/html;q=0, text/html": false,
		"text/*;q=0": true, "text/*;q=0, text/html;q=0.5": false, "*/*;q=0": true, "*/*;q=0, text/*": false, "application/activity+json, */*;q=0": true,
		"text/html;q=x": false,
	} {
		if got := RefusesPages(accept); got != want {
			t.Errorf("RefusesPages(%q) = %t", accept, got)
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	const firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	for header, want := range map[string]struct{ page, navigation bool }{
		"":                             {},
		firefox:                        {true, true},
		"text/html;q=0":                {},
		"text/html; q=0.0, */*":        {},
		"TEXT/HTML":                    {page: true},
		"application/json, text/html":  {page: true},
		"text/*":                       {},
		`application/x; y="text/html"`: {},
		"text/html;q=0,application/xhtml+xml,*/*":                             {},
		"text/html,application/xhtml+xml;q=0":                                 {page: true},
		"text/html,application/xhtml+xml,application/xml":                     {page: true},
		"text/html, application/xhtml+xml, application/rss+xml;q=0.1":         {page: true},
		"application/xhtml+xml,text/html":                                     {page: true},
		"text/html;q=0.9, application/xhtml+xml, application/xml;q=0.8":       {true, true},
		"text/html,application/xhtml+xml,application/activity+json;q=0.9,*/*": {page: true},
	} {
		if page, navigation := Page(header), Navigation(header); page != want.page || navigation != want.navigation {
			t.Errorf("%q: a page %t, a browser %t", header, page, navigation)
		}
	}
}

func FuzzActivity(f *testing.F) {
	f.Add(`application/ld+json; profile="a\", b";q=0.5, text/html;q=0.1`)
	f.Fuzz(func(t *testing.T, accept string) {
		if Activity(accept) && !Activity(accept+", image/png") && len(mediaRanges(accept)) < maxRanges-1 {
			t.Errorf("a further type changed the answer to %q", accept)
		}
	})
}
