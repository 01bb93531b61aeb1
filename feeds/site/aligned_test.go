package site

import (
	"testing"

	"communique/storage/press"
)

// TestAligned: pages have classes for the sides of cells, and no class for words.
func TestAligned(t *testing.T) {
	t.Parallel()
	for in, want := range map[press.HTML]string{
		`<table><tr><th scope="col" align="right">1</th><td align="center">2</td><td>3</td></tr></table>`: `<table><tr><th scope="col" class="to-right">1</th><td class="to-center">2</td><td>3</td></tr></table>`,
		`<table><tr><td> align="left"</td></tr></table>`:                                                  `<table><tr><td> align="left"</td></tr></table>`,
	} {
		if got := aligned(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
