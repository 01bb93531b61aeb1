package vocab

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadCollection(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]IncomingCollection{
		`{"type":"Collection","items":["https://a.example/1",{"id":"https://a.example/2"}]}`:                              {Items: []string{"https://a.example/1", "https://a.example/2"}},
		`{"type":"OrderedCollection","id":"https://a.example/c","first":"https://a.example/p"}`:                           {ID: "https://a.example/c", First: "https://a.example/p"},
		`{"type":"OrderedCollection","first":{"type":"OrderedCollectionPage","orderedItems":["x"],"next":"y"}}`:           {Items: []string{"x"}, Next: "y"},
		`{"type":"CollectionPage","items":[],"orderedItems":["x"]}`:                                                       {},
		`{"type":"FeaturedCollection","id":"https://a.example/c","attributedTo":"https://a.example/a","orderedItems":[]}`: {ID: "https://a.example/c", AttributedTo: "https://a.example/a"},
	} {
		got, err := ReadCollection([]byte(text))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
	for _, text := range []string{``, `[]`, `{}`, `{"type":"Note"}`, `{"type":"Collection","items":[1]}`, `{"type":"Collection","first":[]}x`, `{"type":"FeaturedCollection","attributedTo":["a","b"]}`} {
		if got, err := ReadCollection([]byte(text)); err == nil {
			t.Errorf("%s is read as %+v", text, got)
		}
	}
}

func FuzzReadCollection(f *testing.F) {
	f.Add([]byte(`{"type":"OrderedCollection","first":{"type":"OrderedCollectionPage","orderedItems":["x"],"next":"y"}}`))
	f.Add([]byte(`{"type":"FeaturedCollection","id":"https://a.example/c","attributedTo":"https://a.example/a"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := ReadCollection(text)
		if err == nil && (len(got.Items) > maxItems || len(got.First) > maxID || len(got.Next) > maxID || len(got.AttributedTo) > maxID) {
			t.Errorf("%+v", got)
		}
	})
}
