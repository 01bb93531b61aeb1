package desk

import (
	_ "embed" // the script
	"net/http"
)

//go:embed keys.js
var keysScript []byte

// keyLine is a key and what it does, as the list tells.
type keyLine struct {
	Keys []string // pressed one after the other
	Does string
}

// keyGroup is where keys work.
type keyGroup struct {
	Where string
	Keys  []keyLine
}

// keyGroups are all keys that keys.js and the pages' data-key and data-go know.
func keyGroups() []keyGroup {
	return []keyGroup{
		{"Everywhere", []keyLine{
			{[]string{"?"}, "this list"},
			{[]string{"g", "o"}, "the overview"},
			{[]string{"g", "a"}, "articles"},
			{[]string{"g", "m"}, "manuscripts"},
			{[]string{"g", "c"}, "the calendar"},
			{[]string{"g", "r"}, "answers, for who decides on them"},
			{[]string{"g", "p"}, "people, for operators"},
			{[]string{"g", "l"}, "the audit, for operators"},
			{[]string{"/"}, "the field for searching, where there is one"},
			{[]string{"Esc"}, "out of a field, so that keys work again"},
		}},
		{"In a list", []keyLine{
			{[]string{"j"}, "the next one"},
			{[]string{"k"}, "the one before"},
			{[]string{"Enter"}, "open it"},
		}},
		{"Answers", []keyLine{
			{[]string{"a"}, "approve the one that you are at, or else the first"},
			{[]string{"r"}, "reject it; to take a quote back it only leads to the button"},
			{[]string{"u"}, "undo what you have just done, or have it wait again"},
			{[]string{"o"}, "look at it alone"},
			{[]string{"e"}, "keep it as evidence"},
			{[]string{"b"}, "see what blocking its author costs"},
			{[]string{"d"}, "a report was seen to"},
		}},
		{"Manuscripts", []keyLine{
			{[]string{"n"}, "write something new"},
			{[]string{"e"}, "edit the one that is shown"},
			{[]string{"s"}, "submit it for review"},
			{[]string{"u"}, "undo that: it is a draft again"},
			{[]string{"v"}, "lead to the button that approves it; nothing goes out by a key alone"},
		}},
	}
}

// keys answers with the list of keys.
func (d *Desk) keys(w http.ResponseWriter, r *http.Request) error {
	return d.show(w, r, http.StatusOK, "keys", "Keys", keyGroups())
}

// keysScript answers with the script that hears them.
func (d *Desk) keysScript(w http.ResponseWriter, _ *http.Request) error {
	return answerForEver(w, "text/javascript; charset=utf-8", keysScript)
}
