package vocab

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestReadNodeInfo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://a.example/2.0"},{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://a.example/2.1"}]}`: "https://a.example/2.1",
		"\ufeff" + `{"links":[{"rel":[],"href":[]},{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://a.example/2.0"}]}`:                                                          "https://a.example/2.0",
		`{"links":[{"rel":"other","href":"https://a.example/x"}]}`: "", `{"links":[]}`: "", `[]`: "", ``: "", `{"links":[null]}`: "", `{"links":{}}`: "",
	} {
		if got, err := ReadNodeInfoIndex([]byte(text)); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
	for text, want := range map[string]Software{
		`{"software":{"name":"Misskey","version":"2025.4.0-io.12"}}`: {Name: "misskey", Version: "2025.4.0-io.12"},
		`{"software":{"name":"snac","version":"2.94\u001b[31m\n"}}`:  {Name: "snac", Version: "2.94[31m"},
		`{"software":{"name":"` + strings.Repeat("é", 100) + `"}}`:   {Name: strings.Repeat("é", 64)},
		"\ufeff" + `{"software":{"name":"php","version":[]}}`:        {Name: "php"},
		`{"software":{"version":"1"}}`:                               {}, `{"software":null}`: {}, `{"software":[]}`: {}, `null`: {}, `{`: {},
	} {
		if got, err := ReadSoftware([]byte(text)); got != want || (err == nil) != (want.Name != "") {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func FuzzReadNodeInfo(f *testing.F) {
	f.Add([]byte(`{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://a.example/2.1"}]}`))
	f.Add([]byte(`{"software":{"name":"Misskey","version":"2025.4"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if address, err := ReadNodeInfoIndex(text); err == nil && (address == "" || len(address) > maxID) {
			t.Errorf("the address %q", address)
		}
		s, err := ReadSoftware(text)
		if err == nil && (s.Name == "" || utf8.RuneCountInString(s.Name) > 2*maxSoftware || strings.ContainsAny(s.Name+s.Version, "\n\x1b")) {
			t.Errorf("the software %+v", s)
		}
	})
}
