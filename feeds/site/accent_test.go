package site

import (
	"strings"
	"testing"
)

func TestAccent(t *testing.T) {
	t.Parallel()
	s := open(t, identity())
	for hex, want := range map[string]struct {
		used   string
		warned bool
	}{
		"": {defaultAccent, false}, "#1d4f91": {"#1d4f91", false}, "#8B0000": {"#8b0000", false},
		"#000000": {"#000000", false}, "blue": {defaultAccent, true}, "#12": {defaultAccent, true},
	} {
		if used, warning := AccentFor(hex); used != want.used || (warning != "") != want.warned {
			t.Errorf("%q: %q, %q", hex, used, warning)
		}
	}
	// #767676 can be read on white, and not in a notice or as a tag.
	for _, pale := range []string{"#ffffff", "#ffcc00", "#00ff00", "#ff6666", "#767676"} {
		used, warning := AccentFor(pale)
		if warning == "" || contrast(parseColor(used), softBackground) < readable || contrast(parseColor(used), color{255, 255, 255}) < readable {
			t.Errorf("%s became %s, warning %q", pale, used, warning)
		}
	}
	for name, ground := range map[string]color{"--soft: ": softBackground, "--ground: ": darkBackground} {
		if _, css := s.Style(); !strings.Contains(string(css), name+ground.String()) {
			t.Errorf("the style has another ground than %s%s", name, ground)
		}
	}
	for _, hex := range []string{"#000000", "#1d4f91", "#8b0000", "#ffffff"} {
		if c := contrast(parseColor(darkAccent(hex)), darkBackground); c < comfortable {
			t.Errorf("%s in the dark has a contrast of %.1f", hex, c)
		}
	}
}
