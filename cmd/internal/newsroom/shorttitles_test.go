package newsroom

import (
	"errors"
	"testing"

	"communique/storage/press"
)

// TestShortTitles: what is said beside articles does not have the short title of one under embargo,
// unless its words are public.
func TestShortTitles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, title, said string
		refused           bool
	}{
		{"a name", "Petrel", "It showed the cutter Petrel.", true},
		{"in other letters", "Petrel", "THE PETRÉL WAS SHOWN", true},
		{"two words in a row", "Treaty Ninove", "It was about the treaty Ninove, not that.", true},
		{"two words apart", "Treaty Ninove", "In Ninove there was a treaty.", false},
		{"a part of a word", "Petrel", "Petrels were shown.", false},
		{"a word that is public", "Harbours", "They are other harbours.", false},
		{"nothing of it", "Petrel", "A wrong ship was shown.", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			public := r.file("Agreement on harbours signed")
			r.file(tt.title, "published: 2026-12-24 18:00")
			_, err := r.Withdraw(t.Context(), public.ID, tt.said)
			if refused := errors.Is(err, press.ErrConflict); refused != tt.refused || !refused && err != nil {
				t.Errorf("the reason %q of what has nothing to do with %q: %v", tt.said, tt.title, err)
			}
		})
	}
}
