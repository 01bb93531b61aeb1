package press_test

import (
	"errors"
	"strings"
	"testing"

	"communique/storage/press"
)

// TestParticulars: what nobody could use beside an article is refused, with its field.
func TestParticulars(t *testing.T) {
	t.Parallel()
	fine := press.Contact{Name: "Rosa Vale", Role: "Press Office", Telephone: "+351 21 555 0100", Email: "press@mfa.example"}
	for name, test := range map[string]struct {
		p    press.Particulars
		want string // part of the error; empty for none
	}{
		"none":                  {},
		"all":                   {p: press.Particulars{Kind: "press-release", Place: "Port Almira", Contacts: []press.Contact{fine}, NotesToEditors: []string{"One."}}},
		"an extension":          {p: press.Particulars{Contacts: []press.Contact{{Role: "Desk", Telephone: "(021) 555-0100 ext. 12"}}}},
		"Arabic figures":        {p: press.Particulars{Contacts: []press.Contact{{Role: "المكتب", Telephone: "٠٢١ ٥٥٥ ٠١٠٠"}}}},
		"a kind in words":       {p: press.Particulars{Kind: "Press release"}, want: "kind"},
		"a long place":          {p: press.Particulars{Place: strings.Repeat("x", press.MaxShort+1)}, want: "place"},
		"a place cut in a rune": {p: press.Particulars{Place: "Alm\xc3"}, want: "place"},
		"nobody":                {p: press.Particulars{Contacts: []press.Contact{{Email: "press@mfa.example"}}}, want: "neither name nor role"},
		"out of reach":          {p: press.Particulars{Contacts: []press.Contact{{Name: "Rosa Vale"}}}, want: "neither telephone nor email"},
		"no number":             {p: press.Particulars{Contacts: []press.Contact{{Name: "Rosa", Telephone: "on request"}}}, want: "no telephone number"},
		"no address":            {p: press.Particulars{Contacts: []press.Contact{{Name: "Rosa", Email: "Rosa <rosa@mfa.example>"}}}, want: "e-mail address"},
		"an empty note":         {p: press.Particulars{NotesToEditors: []string{" "}}, want: "notes_to_editors"},
		"many notes":            {p: press.Particulars{NotesToEditors: make([]string, press.MaxNotes+1)}, want: "notes_to_editors"},
	} {
		d := press.Draft{Section: 1, Language: "en", Title: "Title", Particulars: test.p}
		err := d.Check()
		want := strings.ReplaceAll(test.want, "no telephone number", "not a telephone number")
		if (err != nil) != (want != "") || err != nil && (!errors.Is(err, press.ErrInvalid) || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// TestDigestWithoutParticulars: an article that has none keeps the digest that it was stored
// with by programs that knew none, and each of them is in the digest of one that has it.
func TestDigestWithoutParticulars(t *testing.T) {
	t.Parallel()
	d := press.Draft{Section: 1, Language: "en", Title: "Title", Body: "<p>Text.</p>"}
	const before = "89f6de9a269ef007"
	none := d.Digest()
	if !strings.HasPrefix(none, before) {
		t.Errorf("the digest is %s, and was %s…", none, before)
	}
	for _, p := range []press.Particulars{{Kind: "speech"}, {Place: "Almira"}, {Contacts: []press.Contact{{Name: "Rosa"}}}, {NotesToEditors: []string{"One."}}} {
		d.Particulars = p
		if d.Digest() == none {
			t.Errorf("%+v is not in the digest", p)
		}
	}
}

// TestDial: what a telephone is called by.
func TestDial(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+351 21 555 0100": "+351215550100", "(021) 555-0100": "0215550100", "021 555 0100 ext. 12": "0215550100", "٠٢١ ٥٥٥": "", "Tel. 021 5550": "",
	} {
		if got := (press.Contact{Telephone: number}).Dial(); got != want {
			t.Errorf("%s is dialled as %q, want %q", number, got, want)
		}
	}
}
