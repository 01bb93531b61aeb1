package richtext

import "testing"

// TestNoteSigns: in characters, the mark of a footnote is none of a power.
func TestNoteSigns(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`x<sup><a href="#a">1</a></sup> y`:                              "x¹ y",
		`12<sup><a href="#a">3</a></sup> y`:                             "12[3] y",
		`12<sup><b><a href="#a">3</a></b></sup> y`:                      "12[3] y",
		`12<sup><a href="#a">3</a>,<a href="#b">4</a></sup> y`:          "12[3,4] y",
		`words<sup><a href="#a">3</a>–<a href="#b">5</a></sup> y`:       "words[3–5] y",
		`x<sup><a href="#a">1</a></sup><sup><a href="#b">2</a></sup> y`: "x¹[2] y",
		`10<sup>6</sup><sup><a href="#a">3</a></sup> y`:                 "10⁶[3] y",
		`12 km<sup><a href="#a">2</a></sup> y`:                          "12 km[2] y",
		`12 kilometres<sup><a href="#a">2</a></sup> y`:                  "12 kilometres² y",
		`12<sup><a href="#a">[3]</a></sup> y`:                           "12[3] y",
		`12<a href="#a"><sup>3</sup></a> y`:                             "12[3] y",
		`12<sup><a href="#a">*</a></sup> y`:                             "12* y",
		`12<sup><a href="#a">a</a></sup> y`:                             "12[a] y",
		`10<sup>6</sup> y`:                                              "10⁶ y",
	} {
		h, _ := Clean("<p>"+in+`</p><p id=a>A</p><p id=b>B</p>`, nil)
		if got := textOf(Tree(h).FirstChild); got != want {
			t.Errorf("%s reads %q, want %q", in, got, want)
		}
	}
}
