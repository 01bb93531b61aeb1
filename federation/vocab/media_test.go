package vocab

import "testing"

func TestIsActivityJSON(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]bool{
		`application/activity+json`:                                                             true,
		`application/activity+json; charset=utf-8`:                                              true,
		`Application/Activity+JSON`:                                                             true,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`:                  true,
		`application/ld+json;profile="https://x.example https://www.w3.org/ns/activitystreams"`: true,
		`application/ld+json`:                                                                   false,
		`application/ld+json; profile="https://www.w3.org/ns/activitystream"`:                   false,
		`application/json`:                                                                      false,
		`text/html`:                                                                             false,
		`image/png`:                                                                             false,
		`text/html, application/activity+json`:                                                  false,
		`application/activity+jsonx`:                                                            false,
		``:                                                                                      false,
	} {
		if got := IsActivityJSON(contentType); got != want {
			t.Errorf("A11 IsActivityJSON(%q) = %t", contentType, got)
		}
	}
}
