package vocab

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

const ministry = "https://press.mfa.example/actors/ministry"

// TestA15DescriptorsThatPHPWrites: what cannot be read is passed over, and nothing that
// stands beside it.
func TestA15DescriptorsThatPHPWrites(t *testing.T) {
	t.Parallel()
	j, err := ReadJRD([]byte("\ufeff" + `{"subject":[],"aliases":{"1":"https://a.example/@a"},"properties":[],"titles":[],"links":[null,[],7,
		{"rel":"self","type":"application/activity+json","href":[]},
		{"rel":"self","type":"application/activity+json","href":"https://a.example/a","template":[],"titles":[]}]}`))
	if id, ok := j.Self(); err != nil || !ok || id != "https://a.example/a" {
		t.Errorf("it names %q, %v", id, err)
	}
	for _, text := range []string{`{"links":{}}`, `{"links":"x"}`, `[]`, `{"links":[]}{}`} {
		if _, err := ReadJRD([]byte(text)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: error %v", text, err)
		}
	}
}

func TestIntents(t *testing.T) {
	t.Parallel()
	const page = "https://press.mfa.example/en/articles/k3tq5m2zr7ab4cde/treaty"
	escaped, escapedPage := url.QueryEscape(ministry), url.QueryEscape(page)
	link := func(rel, template string) string { return `{"rel":"` + rel + `","template":"` + template + `"}` }
	for name, c := range map[string]struct{ links, follow, create string }{
		"none": {links: `{"rel":"self","href":"https://social.example/users/a"}`},
		"of old": {
			links:  link("http://ostatus.org/schema/1.0/subscribe", "https://social.example/authorize_interaction?uri={uri}"),
			follow: "https://social.example/authorize_interaction?uri=" + escaped,
		},
		"FEP-3b86 goes before": {
			links: link("http://ostatus.org/schema/1.0/subscribe", "https://social.example/old?uri={uri}") + "," +
				link("https://w3id.org/fep/3b86/Follow", "https://social.example/follow?object={object}&back={on-success}") + "," +
				link("https://w3id.org/fep/3b86/Create", "https://social.example/share?text={content}"),
			follow: "https://social.example/follow?object=" + escaped + "&back=",
			create: "https://social.example/share?text=Treaty%20%26%20more%0A%0A" + escapedPage,
		},
		"title and page apart": {
			links:  link("https://w3id.org/fep/3b86/create", "https://social.example/new?type={type}&title={name}&link={attachment}&x={unknown}"),
			create: "https://social.example/new?type=Note&title=Treaty%20%26%20more&link=" + escapedPage + "&x=",
		},
		"the page as object": {
			links:  link("https://w3id.org/fep/3b86/Create", "https://social.example/share?url={object}"),
			create: "https://social.example/share?url=" + escapedPage,
		},
	} {
		j, err := ReadJRD([]byte(`{"subject":"acct:a@social.example","links":[` + c.links + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		i := j.Intents()
		if got := i.FollowAt(ministry); got != c.follow {
			t.Errorf("%s: it follows at %q, want %q", name, got, c.follow)
		}
		if got := i.CreateAt("Treaty & more", page); got != c.create {
			t.Errorf("%s: it writes at %q, want %q", name, got, c.create)
		}
	}
}

// FuzzExpand: whatever the template, no value leaves its place.
func FuzzExpand(f *testing.F) {
	for _, s := range []string{"https://a.example/?u={uri}", "{object}{", "}{uri", "{{uri}}", "a{}b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, template string) {
		got := expand(template, map[string]string{"uri": "<&#/\n>"})
		if rest := strings.ReplaceAll(got, "%3C%26%23%2F%0A%3E", ""); len(rest) > len(template) {
			t.Errorf("%q became %q", template, got)
		}
	})
}
