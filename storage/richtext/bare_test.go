package richtext

import "testing"

// TestBareAddressesOfOtherScripts: the comma or the stop of a sentence is no part of an
// address, in no script.
func TestBareAddressesOfOtherScripts(t *testing.T) {
	t.Parallel()
	const link = `<a href="https://mfa.example/x">https://mfa.example/x</a>`
	var rows []rowTest
	for _, behind := range []string{
		"، ثم", "؟", "؛ ثم", "۔", "।", "।और", "։", "׃ וגם", "። እና", "፣ እና", "។", "။", "·", "†", "—", "\u200f، ثم", "\u2069 ثم", "\u200b more", "⁇", "’",
	} {
		rows = append(rows, rowTest{name: behind, in: "a https://mfa.example/x" + behind, page: "<p>a " + link + behind + "</p>", quiet: true})
	}
	checkRows(t, append(rows,
		rowTest{name: "within an address", in: "https://mfa.example/l·l/a–b/é/ی\u200cز/公告",
			page: `<p><a href="https://mfa.example/l%C2%B7l/a%E2%80%93b/%C3%A9/%DB%8C%E2%80%8C%D8%B2/%E5%85%AC%E5%91%8A">https://mfa.example/l·l/a–b/é/` + "ی\u200cز" + `/公告</a></p>`},
		rowTest{name: "in a query", in: "https://mfa.example/x?q=سؤال؟", page: `<p><a href="https://mfa.example/x?q=%D8%B3%D8%A4%D8%A7%D9%84">https://mfa.example/x?q=سؤال</a>؟</p>`},
	))
}
