package newsroom

import "testing"

// TestLinesOfFields: a line end in a field is what it is in the body: no blank between Han
// characters or kana, and one between words.
func TestLinesOfFields(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ field, lead string }{
		{"lead: >\n  外交部\n  发言人\n", "外交部发言人"},
		{"lead: >-\n  外交部\n  发言人\n", "外交部发言人"},
		{"lead: |\n  外交部\n  发言人\n", "外交部发言人"},
		{"lead: 外交部\n  发言人\n", "外交部发言人"},
		{"lead: \"外交部\n  发言人\"\n", "外交部发言人"},
		{"lead: '外交部\n  “好”'\n", "外交部“好”"},
		{"lead: >\n  ありがとう\n  カナ\n\n  外務\n", "ありがとうカナ 外務"},
		{"lead: |\n  外交部\n\n  发言人\n", "外交部 发言人"},
		{"lead: >\n  令和8年\n  5月 と\n  三\n  ２日\n", "令和8年5月 と三 ２日"},
		{"lead: >\n  외교부\n  대변인\n", "외교부 대변인"},
		{"lead: >\n  Two days of talks\n  on the 外交\n  policy of \"x\"\n  and 'y'\n", "Two days of talks on the 外交 policy of \"x\" and 'y'"},
		{"lead: \"a\\tb\n  c\"\n", "a b c"},
		{"lead: 外務大臣　会見 外交\n", "外務大臣　会見 外交"},
	} {
		d, err := reader(t).Read("a.md", []byte("---\ntitle: a\nsection: b\n"+test.field+"---\nText.\n"), nil)
		if err != nil || d.Lead != test.lead {
			t.Errorf("%q: %q, want %q (%v)", test.field, d.Lead, test.lead, err)
		}
	}
	d, err := reader(t).Read("a.md", []byte("---\ntitle: 外交部\n  会议\nsection: b\nimages:\n  - src: https://a.example/a.png\n    alt: |\n      外交部\n      发言人\n    caption: >\n      首都\n      今天\n---\nText.\n"), nil)
	if err != nil || d.Title != "外交部会议" || d.Images[0].Alt != "外交部发言人" || d.Images[0].Caption != "首都今天" {
		t.Errorf("title %q, images %v (%v)", d.Title, d.Images, err)
	}
}
