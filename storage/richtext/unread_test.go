package richtext

import "testing"

func TestUnreadMarks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"A **new** treaty":                       "**new** treaty",
		"The *Mini* ministers":                   "*Mini* ministers",
		"Le traité _Alpha_ est signé":            "_Alpha_ est signé",
		"On ~~Monday~~ Tuesday":                  "~~Monday~~ Tuesday",
		"See [the annex](https://mfa.example/a)": "[the annex](https://mfa.example/a)",
		"An ![eagle](https://mfa.example/a.png)": "![eagle](https://mfa.example/a.png)",
		"Run `make`":                             "`make`",
		"10<sup>6</sup> people":                  "<sup>6</sup> people",
		"Trade &amp; aid":                        "&amp; aid",
		"Trade&nbsp;talks":                       "&nbsp;talks",
		"one<br>two":                             "<br>two",
		"write to <press@mfa.example>":           "<press@mfa.example>",
		"it costs 5\\*":                          "\\*",
		"<b>new":                                 "<b>new",
		"a note[^1]":                             "a note[^1]",
		"{{ title }}":                            "{{ title }}",
		"left **open":                            "left **open",
		"# A title":                              "# A title",
		"> A quotation":                          "> A quotation",
		"协议（**部长级**）签署":                          "**部长级**）签署",

		"A treaty":                                     "",
		"3. Oktober 2026: Wahl":                        "",
		"- Oui, dit-il":                                "",
		"#1 priority; No. #5; C# and F#":               "",
		"Bürger*innen und Schüler*innen; 2*3*4":        "",
		"A*, B* and (*)":                               "",
		"on 3~5 May, ~5 per cent; a_b and c_d":         "",
		"AT&T, R&D & more; 5 < 6 > 4":                  "",
		"the <two per cent> goal":                      "",
		"US$5 to US$10 [sic] (see [1])":                "",
		"https://mfa.example/a_b?c=d&e=f, a@b.example": "",
		"会议于3~5日举行，“论坛”※＊":                             "",
		"C:\\Users\\press":                             "",
	} {
		if got := UnreadMarks(in); got != want {
			t.Errorf("UnreadMarks(%q) = %q, want %q", in, got, want)
		}
	}
}
