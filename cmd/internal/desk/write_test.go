package desk

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"html"
	"image"
	"image/png"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/manuscripts"
)

// written is a manuscript that somebody has begun who is not among those of the test.
func (h *house) written(title string) (id string) {
	h.t.Helper()
	if _, err := h.room.KnownByLogin(h.t.Context(), "some.writer"); err != nil {
		h.invite("some.writer", "editor")
	}
	room, err := h.room.As(h.t.Context(), "some.writer")
	if err != nil {
		h.t.Fatal(err)
	}
	text := newsroom.Composition{Title: title, Section: "statements", Language: "en", Text: "The text of it."}.Document()
	m, err := room.Begin(h.t.Context(), newsroom.Proposal{Kind: manuscripts.NewArticle, Text: text})
	if err != nil {
		h.t.Fatal(err)
	}
	return m.ID
}

// file is one that is sent with a form.
type file struct {
	field, name string
	content     []byte
}

// send sends a form with files.
func (b *browser) send(path string, fields map[string]string, files ...file) page {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			b.t.Fatal(err)
		}
	}
	for _, f := range files {
		part, err := form.CreateFormFile(f.field, f.name)
		if err == nil {
			_, err = part.Write(f.content)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.url+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.ask(r)
}

// hidden are the hidden fields of the form of a page that is sent to an address.
func (p page) hidden(t testing.TB, action string) (fields []string) {
	t.Helper()
	form := regexp.MustCompile(`(?s)<form [^>]*action="` + regexp.QuoteMeta(action) + `".*?</form>`).FindString(p.body)
	if form == "" {
		t.Fatalf("no form is sent to %s:\n%s", action, p.body)
	}
	for _, found := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
		fields = append(fields, found[1], html.UnescapeString(found[2]))
	}
	return fields
}

// article is what an article's page is led to by a manuscript that was released.
func (p page) article(t testing.TB) string {
	t.Helper()
	found := regexp.MustCompile(`href="(/articles/[a-z0-9]+)"`).FindStringSubmatch(p.body)
	if found == nil {
		t.Fatalf("it leads to no article:\n%s", p.body)
	}
	return found[1]
}

func smallPNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWriting: a text is written, looked at by another, changed, approved as it was shown,
// goes out when its embargo ends, is corrected, withdrawn; and at night one releases alone.
func TestWriting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	ana, rui, eva := h.signedIn("ana", "author:statements"), h.signedIn("rui", "editor"), h.signedIn("eva", "approver")
	form := map[string]string{
		"title": `Treaty on <script>alert("harbours")</script> signed`, "section": "statements", "language": "en", "lead": "The lead.", "text": "The **text** of it.\n\n[Annex](annex-one.txt)",
		"tags": "trade\r\nharbours, and ports", "date": "2026-12-04", "time": "10:00", "image0alt": "The pier", "image0credit": "Ana",
		"kind": "press-release", "place": "Port Almira", "notes_to_editors": "The treaty has <b>12</b> articles.\r\nIt is open to others.",
		"contact0name": "Rosa Vale", "contact0telephone": "+351 21 555 0100", "contact0email": "rosa@mfa.example",
	}
	got := ana.send("/manuscripts/new", form, file{"image0file", `C:\Pictures\My pier.png`, smallPNG(t)}, file{"files", "annex one.txt", []byte("An annex.")})
	ana.is("begun", got, http.StatusOK, "", "Friday 4 December 2026, <b>10:00</b>")
	at := got.path
	for _, shown := range []string{"Press release", "<bdi>Port Almira</bdi>", "<li>The treaty has &lt;b&gt;12&lt;/b&gt; articles.</li>", "Rosa Vale", "rosa@mfa.example"} {
		ana.is("what stands beside the text is shown", got, http.StatusOK, at, shown)
	}
	ana.is("a script is a text", got, http.StatusOK, at, "&lt;script&gt;")
	if strings.Contains(got.body, "<script>") { // what the page has itself comes from an address
		t.Error("a title is a script")
	}
	ana.is("files are text or pictures", got, http.StatusOK, at, "annex-one.txt")
	got = ana.get(at + "/edit")
	for _, kept := range []string{`value="My-pier.png"`, `value="The pier"`, "harbours, and ports", `value="2026-12-04"`, `<option value="press-release" selected>Press release`, `value="Port Almira"`, "It is open to others.", `value="Rosa Vale"`, "The **text** of it."} {
		ana.is("what was typed is in the form", got, http.StatusOK, "", kept)
	}
	ana.is("the annex is read", got, http.StatusOK, "", `name="drop-1" value="annex-one.txt"`)
	form["on"], form["image0src"], form["text"], form["drop-1"] = "1", "My-pier.png", "The **text** of it.", "annex-one.txt"
	ana.is("saved again", ana.send(at+"/edit", form), http.StatusOK, at, "<strong>text</strong>")
	picture := regexp.MustCompile(`src="(/manuscripts/[^"]*)"`).FindStringSubmatch(ana.get(at).body)
	if picture == nil {
		t.Fatalf("no picture is shown:\n%s", ana.get(at).body)
	}
	if got := ana.get(picture[1]); got.status != http.StatusOK || got.header.Get("Content-Type") != "image/png" {
		t.Errorf("the picture: %d, %s", got.status, got.header.Get("Content-Type"))
	}
	if strings.Contains(ana.get(at).body, "annex-one.txt") {
		t.Error("a file that was taken away is there")
	}
	delete(form, "drop-1")
	eva.is("not submitted", eva.get("/manuscripts?pile=waiting"), http.StatusOK, "", "Nothing.")
	ana.is("submitted", ana.post(at+"/submission", ana.get(at).hidden(t, at+"/submission")...), http.StatusOK, at, "in review")
	eva.is("it waits for who approves", eva.get("/manuscripts?pile=waiting"), http.StatusOK, "", at)
	shown := eva.get(at)
	eva.is("what approving does", shown, http.StatusOK, at, "Approve: under embargo until Friday 4 December 2026, 10:00 in Europe/Lisbon")
	eva.is("sent back", eva.post(at+"/return", "revision", "2", "remark", "Say <b>which</b>."), http.StatusOK, at, "Say &lt;b&gt;which&lt;/b&gt;.")
	form["on"], form["text"] = "2", "The text of the treaty."
	rui.is("another one changes it", rui.send(at+"/edit", form), http.StatusOK, at, "The text of the treaty.")
	rui.is("what changed", rui.get(at+"/comparison?from=2&to=3"), http.StatusOK, "", "<del>")
	rui.post(at+"/submission", rui.get(at).hidden(t, at+"/submission")...)
	eva.is("an approval of what was shown before", eva.post(at+"/approval", shown.hidden(t, at+"/approval")...), http.StatusConflict, "", "It has changed since it was shown to you")
	approval := eva.get(at).hidden(t, at+"/approval")
	rui.is("who wrote it does not approve", rui.post(at+"/approval", approval...), http.StatusOK, "/account/second-factor", "")
	eva.is("approved", eva.post(at+"/approval", approval...), http.StatusOK, at, "It was released")
	article := eva.get(at).article(t)
	eva.is("under embargo", eva.get(article), http.StatusOK, article, `<span class="state embargoed">`)
	h.clock.Pass(9 * 24 * time.Hour)
	if err := h.desk.Store.Update(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Release(10)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	rui.is("the session has ended", rui.post(article+"/correction"), http.StatusOK, "/sign-in?then="+url.QueryEscape(article), "Sign in")
	rui.signIn("rui", goodPassword, "")
	eva.signIn("eva", goodPassword, eva.nextCode())
	rui.is("public", rui.get(article), http.StatusOK, article, `<span class="state published">`)
	rui.is("what kind it is", rui.get(article), http.StatusOK, article, "<dt>Kind</dt><dd>Press release</dd>")

	got = rui.post(article + "/correction")
	rui.is("a correction", got, http.StatusOK, "", "Note on the correction")
	correction := strings.TrimSuffix(got.path, "/edit")
	fields := fieldsOf(got)
	fields["text"], fields["note"] = "The text of the treaty, mended.", "A word was missing."
	rui.is("written", rui.send(correction+"/edit", fields), http.StatusOK, correction, "A word was missing.")
	rui.is("submitted", rui.post(correction+"/submission", "revision", "2"), http.StatusOK, correction, "in review")
	rui.is("one at a time", rui.post(article+"/correction"), http.StatusOK, correction, "in review")
	eva.is("approved", eva.post(correction+"/approval", eva.get(correction).hidden(t, correction+"/approval")...), http.StatusOK, correction, "It was released")
	eva.is("corrected", eva.get(article), http.StatusOK, article, "A word was missing.")

	eva.is("not sure", eva.post(article+"/withdrawal", "reason", "Issued in error."), http.StatusUnprocessableEntity, "", "Issued in error.</textarea>")
	eva.is("withdrawn", eva.post(article+"/withdrawal", "reason", "Issued in error.", "sure", "yes"), http.StatusOK, article, "Issued in error.")

	ines := h.signedIn("ines", "editor", "alone")
	got = ines.send("/manuscripts/new", map[string]string{"title": "At night", "section": "statements", "language": "en", "text": "It is two."})
	at = got.path
	alone := got.hidden(t, at+"/approval")
	ines.is("without a reason", ines.post(at+"/approval", alone...), http.StatusUnprocessableEntity, "", "say why")
	ines.is("alone", ines.post(at+"/approval", append(alone, "reason", "It is two in the morning.")...), http.StatusOK, at, "It was released")
	for _, secret := range []string{"harbours", "At night", "mended"} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

// fieldsOf are what the form for writing has, as a browser would send it.
func fieldsOf(p page) map[string]string {
	fields := map[string]string{}
	for _, found := range regexp.MustCompile(`<input type="(?:hidden|text|date|time|tel|email)"[^>]* name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(p.body, -1) {
		fields[found[1]] = html.UnescapeString(found[2])
	}
	for _, found := range regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]*)"[^>]*>\n(.*?)</textarea>`).FindAllStringSubmatch(p.body, -1) {
		fields[found[1]] = html.UnescapeString(found[2])
	}
	for _, found := range regexp.MustCompile(`(?s)<select [^>]*name="([^"]*)".*?</select>`).FindAllStringSubmatch(p.body, -1) {
		if chosen := regexp.MustCompile(`value="([^"]*)" selected`).FindStringSubmatch(found[0]); chosen != nil {
			fields[found[1]] = html.UnescapeString(chosen[1])
		}
	}
	return fields
}

// TestTwoWriters: what two have changed apart is put together and shown to the later one before it
// is saved; of what both have changed they choose. Nothing of either is lost on the way.
func TestTwoWriters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	rui, ines := h.signedIn("rui", "editor"), h.signedIn("ines", "editor")
	const text = "They met. They agreed.\n\nThey left."
	for what, tt := range map[string]struct {
		first, second map[string]string // what each changes
		choices       []string
		says          string // of the page that asks, or shows both
		want          map[string]string
	}{
		"two fields": {
			first: map[string]string{"title": "Treaties"}, second: map[string]string{"place": "Lisbon"},
			says: "What saving changes in the text of", want: map[string]string{"title": "Treaties", "place": "Lisbon", "text": text},
		},
		"two paragraphs": {
			first: map[string]string{"text": "They met at noon. They agreed.\n\nThey left."}, second: map[string]string{"text": "They met. They agreed.\n\nThey left late."},
			says: put(" late"), want: map[string]string{"text": "They met at noon. They agreed.\n\nThey left late."},
		},
		"one sentence, theirs": {
			first: map[string]string{"text": "They met. They did not.\n\nThey left."}, second: map[string]string{"text": "They met. They shook hands.\n\nThey left."}, choices: []string{"theirs"},
			says: "They shook hands.", want: map[string]string{"text": "They met. They did not.\n\nThey left."},
		},
		"one sentence, mine, and another field": {
			first: map[string]string{"text": "They met. They did not.\n\nThey left."}, second: map[string]string{"lead": "At last.", "text": "They met. They shook hands.\n\nThey left."}, choices: []string{"mine"},
			says: "They did not.", want: map[string]string{"lead": "At last.", "text": "They met. They shook hands.\n\nThey left."},
		},
		"title and sentence, both": {
			first:  map[string]string{"title": "Treaties", "text": "They met. They did not.\n\nThey left."},
			second: map[string]string{"title": "The treaty", "text": "They met. They shook hands.\n\nThey left."}, choices: []string{"mine", "both"},
			says: `name="place1" value="both"`, want: map[string]string{"title": "The treaty", "text": "They met. They did not.\nThey shook hands.\n\nThey left."},
		},
		"alike": {
			first: map[string]string{"title": "Treaties"}, second: map[string]string{"title": "Treaties"},
			says: "all that you changed stands there already", want: map[string]string{"title": "Treaties"},
		},
	} {
		at := "/manuscripts/" + h.written("Treaty")
		begun := fieldsOf(rui.get(at + "/edit"))
		begun["text"] = text
		rui.is(what, rui.send(at+"/edit", begun), http.StatusOK, at, "They agreed.")
		first, second := fieldsOf(rui.get(at+"/edit")), fieldsOf(ines.get(at+"/edit"))
		maps.Copy(first, tt.first)
		maps.Copy(second, tt.second)
		rui.is(what+": the first", rui.send(at+"/edit", first), http.StatusOK, at, "")
		got := ines.send(at+"/edit", second)
		ines.is(what+": the second", got, http.StatusConflict, "", tt.says)
		ines.is(what+": by whom", got, http.StatusConflict, "", "<bdi>RUI</bdi>")
		if len(tt.choices) > 0 {
			q := url.Values{}
			for i, fields := 0, got.hidden(t, at+"/edit"); i < len(fields); i += 2 {
				q.Set(fields[i], fields[i+1])
			}
			ines.is(what+": it stays", ines.get(at+"/edit?"+q.Encode()), http.StatusOK, "", "Put two texts together")
			for n, choice := range tt.choices {
				ines.is(what+": not all chosen", ines.get(at+"/edit?"+q.Encode()), map[bool]int{true: http.StatusOK, false: http.StatusUnprocessableEntity}[n == 0], "", "Put two texts together")
				q.Set(placeName(n), choice)
			}
			got = ines.get(at + "/edit?" + q.Encode())
			ines.is(what+": chosen", got, http.StatusOK, "", "It is not saved yet")
		}
		shown := fieldsOf(got)
		ines.is(what+": on top of it", ines.send(at+"/edit", shown), http.StatusOK, at, "")
		saved := fieldsOf(ines.get(at + "/edit"))
		for name, want := range tt.want {
			if saved[name] != want || shown[name] != want {
				t.Errorf("%s: %s is shown as %q and saved as %q, want %q", what, name, shown[name], saved[name], want)
			}
		}
	}
}

// put and taken are what was put in and taken out, as a comparison has it.
func put(text string) string {
	return `<ins><span class="unseen" lang="en" dir="ltr"> put in: </span>` + text + `<span class="unseen" lang="en" dir="ltr"> ; </span></ins>`
}

func taken(text string) string {
	return `<del><span class="unseen" lang="en" dir="ltr"> taken out: </span>` + text + `<span class="unseen" lang="en" dir="ltr"> ; </span></del>`
}

// TestThirdWriter: what was put together is put together again if somebody has saved meanwhile, and
// what was kept while its writer was away, too.
func TestThirdWriter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	rui, ines := h.signedIn("rui", "editor"), h.signedIn("ines", "editor")
	at := "/manuscripts/" + h.written("Treaty")
	first, second := fieldsOf(rui.get(at+"/edit")), fieldsOf(ines.get(at+"/edit"))
	first["lead"] = "A lead."
	rui.is("the first", rui.send(at+"/edit", first), http.StatusOK, at, "A lead.")
	second["place"] = "Lisbon"
	got := ines.send(at+"/edit", second)
	ines.is("put together", got, http.StatusConflict, "", "What saving changes")
	first = fieldsOf(rui.get(at + "/edit"))
	first["tags"] = "ports"
	rui.is("the first again", rui.send(at+"/edit", first), http.StatusOK, at, "ports")
	offered := ines.get(at + "/edit")
	ines.is("what was kept", offered, http.StatusOK, "", "Put it together with what is saved")
	got = ines.send(at+"/edit", fieldsOf(got))
	ines.is("put together again", got, http.StatusConflict, "", "ports")
	got = ines.get(offered.offered(t))
	ines.is("what was kept, put together", got, http.StatusOK, "", "What saving changes")
	ines.is("saved", ines.send(at+"/edit", fieldsOf(got)), http.StatusOK, at, "Lisbon")
	for name, want := range map[string]string{"lead": "A lead.", "tags": "ports", "place": "Lisbon"} {
		if saved := fieldsOf(ines.get(at + "/edit"))[name]; saved != want {
			t.Errorf("%s is %q", name, saved)
		}
	}
}

// TestHalfWritten: what is not complete is kept, with what it lacks; what is wrong is told, and
// nothing of what was typed is lost.
func TestHalfWritten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	ana := h.signedIn("ana", "author:statements")
	new := func(changes ...string) page {
		fields := map[string]string{"title": "Treaty", "section": "statements", "language": "en", "text": "The text."}
		for i := 0; i < len(changes); i += 2 {
			fields[changes[i]] = changes[i+1]
		}
		return ana.send("/manuscripts/new", fields)
	}
	ana.is("no text yet", new("text", ""), http.StatusOK, "", "What it lacks")
	ana.is("an hour that there is not", new("date", "2027-03-28", "time", "01:30"), http.StatusUnprocessableEntity, "", "Nothing was saved. When it goes out: ")
	ana.is("an hour that comes twice", new("date", "2027-10-31", "time", "01:30"), http.StatusUnprocessableEntity, "", "Nothing was saved. When it goes out: ")
	for _, date := range []string{"4.12.2026", "2026-13-01", "2569-12-04", "tomorrow"} {
		ana.is("no date", new("date", date), http.StatusUnprocessableEntity, "", "Nothing was saved. When it goes out: ")
	}
	ana.is("what to write instead", new("date", "4.12.2026"), http.StatusUnprocessableEntity, "", "write 2026-03-01")
	ana.is("a day in another zone", new("date", "2027-01-04", "zone", "+05:30"), http.StatusOK, "", "Sunday 3 January 2027, <b>18:30</b>")
	ana.is("as it was entered", new("date", "2027-01-04", "zone", "+05:30"), http.StatusOK, "", "Monday 4 January 2027, 00:00 (UTC&#43;5:30)")
	ana.is("by the field of the form", new("image0src", "https://pictures.example/a.jpg"), http.StatusOK, "", `edit#image0alt">Pictures</a></b>: <span dir="auto">Image 1: alt is missing`)
	ana.is("by the line of the text", new("text", "One.\n\n[Annex](none.pdf)"), http.StatusOK, "", `edit#text">Text</a>, line 3</b>`)
	ana.is("another zone", new("date", "2027-01-04", "time", "10:00", "zone", "+05:30"), http.StatusOK, "", "Monday 4 January 2027, <b>04:30</b>")
	for field, named := range map[string]string{
		"title": "Title: ", "lead": "Lead: ", "text": "Text, line 1: ", "tags": "Tags, line 1: ", "notes_to_editors": "Notes to editors: ", "place": "Place, as in a dateline: ",
		"contact0name": "Contacts: ", "image0alt": "Picture 1, What it shows: ", "translation_of": "Translates: ", "note": "Note on the correction: ",
	} {
		for _, r := range []string{"\x00", "\x07", "\u0081"} {
			ana.is(field, new(field, "a"+r+"b"), http.StatusUnprocessableEntity, "", "Nothing was saved. "+named+"The character U")
		}
	}
	ana.is("a time without a day", new("time", "10:00"), http.StatusUnprocessableEntity, "", "The text.</textarea>")
	ana.is("no title", new("title", ""), http.StatusUnprocessableEntity, "", "It has no title yet")
	ana.is("another's section", new("section", "the-minister"), http.StatusForbidden, "", "The text.</textarea>")
	got := ana.send("/manuscripts/new", map[string]string{"as": "text", "document": "---\r\ntitle: Treaty\r\nsection: statements\r\nowner: me\r\n---\r\n\r\nText"})
	ana.is("as text, with a field that there is not", got, http.StatusForbidden, "", "owner: me")
	got = ana.send("/manuscripts/new", map[string]string{"as": "text", "document": "---\r\ntitle: Treaty\r\nsection: statements\r\nlanguage: en\r\n---\r\n\r\nText\r\n"})
	ana.is("as text", got, http.StatusOK, "", "Text")
	if fields := fieldsOf(ana.get(got.path + "/edit")); fields["title"] != "Treaty" || fields["text"] != "Text" {
		t.Errorf("in the form it is %v", fields)
	}
	ana.is("given up", ana.post(got.path+"/end", "sure", "yes"), http.StatusOK, got.path, "given up")
}

// hugePNG says that it is 60,000 pixels wide and high.
func hugePNG() []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), 60000), 60000)
	header = append(header, 8, 0, 0, 0, 0)
	all := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	return append(binary.BigEndian.AppendUint32(all, crc32.ChecksumIEEE(header)), 0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82)
}

// TestTooMuch: what no form takes is refused with a page that says so, and nothing is kept.
func TestTooMuch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	ana := h.signedIn("ana", "author")
	fields := map[string]string{"title": "Treaty", "section": "statements", "language": "en", "text": "The text.", "image0alt": "The pier"}
	got := ana.send("/manuscripts/new", fields, file{"image0file", "pier.png", hugePNG()})
	ana.is("a picture of 60,000 × 60,000", got, http.StatusUnprocessableEntity, "", "The text.</textarea>")
	ana.is("which says so", got, http.StatusUnprocessableEntity, "", "pier.png")
	fields["text"] = strings.Repeat("long ", 10<<20)
	ana.is("a paste of 50 MB", ana.send("/manuscripts/new", fields), http.StatusRequestEntityTooLarge, "", "Nothing was saved")
	ana.is("as a plain form", ana.post("/manuscripts/new", "title", "Treaty", "text", fields["text"][:6<<20]), http.StatusRequestEntityTooLarge, "", "Nothing was saved")
	typed := ana.send("/manuscripts/new/typed", map[string]string{"writer": "", "text": fields["text"]})
	ana.is("while it is typed", typed, http.StatusRequestEntityTooLarge, "", "longer than this form takes")
	ana.is("nothing was kept", ana.get("/manuscripts"), http.StatusOK, "", "Nothing.")
}

// TestApproverRoutes: who writes does not release, whatever they send.
func TestApproverRoutes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.publish("Fisheries talks", "published: 2026-12-10 10:00")
	h.invite("root", "operator")
	ana, eva := h.signedIn("ana", "author", "operator"), h.signedIn("eva", "approver")
	got := ana.send("/manuscripts/new", map[string]string{"title": "Treaty", "section": "statements", "language": "en", "text": "The text."})
	at := got.path
	ana.post(at+"/submission", "revision", "1")
	approval := eva.get(at).hidden(t, at+"/approval")
	for _, tt := range []struct {
		path   string
		fields []string
	}{
		{at + "/approval", approval},
		{at + "/approval", append(approval, "alone", "yes", "reason", "Night.")},
		{at + "/return", []string{"revision", "1", "remark", "No."}},
	} {
		ana.is("an author at "+tt.path, ana.post(tt.path, tt.fields...), http.StatusForbidden, "", "Your roles")
	}
	ana.is("an author withdraws", ana.post("/articles/"+string(a.ID)+"/withdrawal", "reason", "x", "sure", "yes"), http.StatusForbidden, "", "")
	ana.is("an author corrects", ana.post("/articles/"+string(a.ID)+"/correction"), http.StatusForbidden, "", "")
	eva.is("it is in review still", eva.get(at), http.StatusOK, "", "in review")
	h.clock.Pass(freshFor)
	eva.is("a second factor of before", eva.post(at+"/approval", approval...), http.StatusOK, fmt.Sprintf("/confirm?then=%%2Fmanuscripts%%2F%s", strings.TrimPrefix(at, "/manuscripts/")), "has not been done")
}

// TestCorrectionIsComparedWithWhatIsPublic: who approves a correction sees what it changes of
// what readers have.
func TestCorrectionIsComparedWithWhatIsPublic(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.publish("Treaty on harbours signed", "tags: [trade]")
	h.invite("root", "operator")
	rui, eva := h.signedIn("rui", "editor"), h.signedIn("eva", "approver")
	article := "/articles/" + string(a.ID)
	got := rui.post(article + "/correction")
	at, fields := strings.TrimSuffix(got.path, "/edit"), fieldsOf(got)
	fields["text"], fields["note"], fields["tags"] = "The text of it: [Treaty](https://treaties.example/2) on ports signed.", "The word was wrong.", "trade\nports"
	rui.is("written", rui.writes(at+"/edit", fields), http.StatusOK, at, "What it changes")
	got = eva.get(at)
	for _, says := range []string{put("ports"), taken("harbours"), "https://treaties.example/2", put(", ports")} {
		eva.is("compared", got, http.StatusOK, at, says)
	}
}

// TestFileOfArticle: a file of an article under embargo is had on the desk by those who may
// read it; and the audit of the article names who wrote it.
func TestFileOfArticle(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	ana, eva, stranger := h.signedIn("ana", "author"), h.signedIn("eva", "approver"), h.signedIn("b.costa", "reader::fr")
	form := map[string]string{"title": "Treaty", "section": "statements", "language": "en", "text": "[Annex](annex one.txt)", "date": "2026-12-04", "time": "10:00"}
	form["text"] = "The [annex](annex-one.txt)."
	at := ana.send("/manuscripts/new", form, file{"files", "annex-one.txt", []byte("What is annexed.")}).path
	ana.post(at+"/submission", "revision", "1")
	got := eva.post(at+"/approval", eva.get(at).hidden(t, at+"/approval")...)
	article := got.article(t)
	got = eva.get(article)
	found := regexp.MustCompile(`href="(` + article + `/file\?[^"]*)"`).FindStringSubmatch(got.body)
	if found == nil {
		t.Fatalf("the file is linked to nowhere:\n%s", got.body)
	}
	src := html.UnescapeString(found[1])
	if got := eva.get(src); got.status != http.StatusOK || got.body != "What is annexed." || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the file: %d, %q", got.status, got.body)
	}
	stranger.is("for who may not read it", stranger.get(src), http.StatusNotFound, "", "Nothing here")
	eva.is("another file", eva.get(article+"/file?of=x&name=annex-one.txt"), http.StatusNotFound, "", "Nothing here")
	for _, says := range []string{"filed by approval", "written by: ana", "<bdi>ana</bdi></b>: manuscript begun"} {
		eva.is("who did what", got, http.StatusOK, "", says)
	}
}
