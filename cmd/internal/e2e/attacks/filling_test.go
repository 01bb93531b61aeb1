package attacks

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"unicode/utf8"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/audience"
)

// filling are the attacks by what is large, deep or many.
var filling = []attackTest{
	{28, "bodies that are too large", malformed(28)},
	{28, "bodies without end", bodiesWithoutEnd},
	{28, "headers that are too large", headersTooLarge},
	{29, "bodies that are deep or wide", malformed(29)},
	{30, "long texts", alone(longTexts)},
	{31, "texts that are slow to read", alone(textsSlowToRead)},
	{31, "patterns that are slow to match", alone(noSlowPatterns)},
	{32, "what does not verify", alone(throttledWhatDoesNotVerify)},
	{32, "many at once who mean it", alone(manyFollowsAtOnce)},
	{32, "deletions of strangers", alone(deletionsOfStrangers)},
	{33, "forwarded addresses", alone(forwardedForOfStrangers)},
	{33, "the same limit at every inbox", alone(oneLimitForEveryInbox)},
	{34, "pictures that are not pictures", alone(picturesThatAreNone)},
	{34, "names of pictures", alone(namesOfPictures)},
}

// body is what an inbox must refuse before it looks at the signature.
type body struct {
	number int
	name   string
	status int
	text   string
	spoil  func(l *e2etest.Letter)
}

func bodies() []body {
	const begun = `{"type":"Follow","actor":"https://a.example/users/x",`
	return []body{
		{14, "a graph", 400, begun + `"@graph":[]}`, nil},
		{14, "what is included", 400, begun + `"object":{"@included":[]}}`, nil},
		{14, "what is reversed", 400, begun + `"@context":{"@reverse":{}}}`, nil},
		{14, "a graph, escaped", 400, begun + `"\u0040graph":[]}`, nil},
		{15, "a key twice", 400, begun + `"type":"Undo"}`, nil},
		{15, "a key twice, once escaped", 400, begun + `"\u0061ctor":"y"}`, nil},
		{15, "a key twice, deep", 400, begun + `"object":{"id":"a","id":"b"}}`, nil},
		{15, "a key in another case", 400, begun + `"ACTOR":"y"}`, nil},
		{15, "a key in another case alone", 400, `{"Type":"Follow","actor":"x"}`, nil},
		{15, "an object for a type", 400, `{"type":{"a":1},"actor":"x"}`, nil},
		{15, "an array for an id", 400, begun + `"id":["a"]}`, nil},
		{15, "a number for an actor", 400, `{"type":"Follow","actor":1}`, nil},
		{15, "two actors", 400, `{"type":"Follow","actor":["https://a.example/x","https://b.example/y"]}`, nil},
		{15, "true for an object", 400, begun + `"object":true}`, nil},
		{15, "no JSON", 400, "hello", nil},
		{15, "two documents", 400, begun + `"object":"x"}{}`, nil},
		{15, "no UTF-8", 400, begun + "\"object\":\"\xff\"}", nil},
		{15, "nothing", 400, "", nil},
		{15, "an array", 400, "[]", nil},
		{15, "null", 400, "null", nil},
		{15, "text/html", 415, "{}", e2etest.WithHeader("Content-Type", "text/html")},
		{15, "application/json", 415, "{}", e2etest.WithHeader("Content-Type", "application/json")},
		{15, "ld+json without the profile", 415, "{}", e2etest.WithHeader("Content-Type", "application/ld+json")},
		{15, "a form", 415, "{}", e2etest.WithHeader("Content-Type", "application/x-www-form-urlencoded")},
		{15, "no media type", 415, "{}", func(l *e2etest.Letter) { l.Request.Header.Del("Content-Type") }},
		{25, "gzip", 415, "{}", e2etest.WithHeader("Content-Encoding", "gzip")},
		{25, "deflate", 415, "{}", e2etest.WithHeader("Content-Encoding", "deflate")},
		{25, "br", 415, "{}", e2etest.WithHeader("Content-Encoding", "br")},
		{25, "gzip twice", 415, "{}", e2etest.WithHeader("Content-Encoding", "gzip, gzip")},
		{28, "one byte too many", 413, begun + `"object":"` + strings.Repeat("x", 1<<20) + `"}`, nil},
		{28, "one byte too many of blanks", 413, begun + `"object":"x"}` + strings.Repeat(" ", 1<<20), nil},
		{29, "depth 33", 400, strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33), nil},
		{29, "a million brackets", 400, strings.Repeat("[", 1_000_000), nil},
		{29, "a million brackets within", 400, begun + `"object":` + strings.Repeat("[", 1_000_000), nil},
		{29, "100,000 items", 400, begun + `"to":["x"` + strings.Repeat(`,"x"`, 100_000) + `]}`, nil},
		{29, "100,000 members", 400, begun + `"object":{` + members(80_000) + `}}`, nil},
	}
}

func members(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"k%d":1,`, i)
	}
	return b.String() + `"last":1`
}

// malformed sends the bodies of a number to every inbox.
func malformed(number int) func(t *testing.T, w *attacked) {
	return func(t *testing.T, w *attacked) {
		p := e2etest.NewPeerOfTwoKeys(t)
		for _, b := range bodies() {
			if b.number != number {
				continue
			}
			for _, inbox := range w.inboxes(t) {
				for _, by := range e2etest.Schemes {
					l := w.from(p.LetterBy(by, w.Base+inbox, []byte(b.text)))
					if b.spoil != nil {
						b.spoil(l)
					}
					l.Sign(t)
					e2etest.Equal(t, fmt.Sprintf("the answer to %s, %s, at %s", b.name, by, inbox), l.Post(t), b.status)
				}
			}
		}
		w.unharmed(t)
	}
}

// endless is a body that goes on as long as somebody reads.
type endless struct{ read atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	const most = 64 << 20
	if e.read.Load() > most {
		return 0, io.ErrUnexpectedEOF
	}
	copy(p, bytes.Repeat([]byte{'x'}, len(p)))
	e.read.Add(int64(len(p)))
	return len(p), nil
}

// bodiesWithoutEnd: of a body without a length the server reads its bound.
func bodiesWithoutEnd(t *testing.T, w *attacked) {
	for _, inbox := range w.inboxes(t) {
		for _, length := range []int64{-1, 10 << 30} {
			b := &endless{}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Base+inbox, b)
			if err != nil {
				t.Fatal(err)
			}
			r.ContentLength = length
			r.Header.Set("Content-Type", e2etest.ActivityJSON)
			got, err := http.DefaultTransport.RoundTrip(r)
			if err == nil {
				e2etest.Equal(t, "the answer", got.StatusCode, http.StatusRequestEntityTooLarge)
				_ = got.Body.Close()
			} // else the server closed the connection, as it may
			if n := b.read.Load(); n > 16<<20 { // the bound of 1 MiB, and what buffers on the way hold
				t.Errorf("%d bytes were taken of a body of length %d at %s", n, length, inbox)
			}
		}
	}
	w.unharmed(t)
}

// headersTooLarge: of a request's head no more than 16 KiB is read, and what Go
// allows beside it.
func headersTooLarge(t *testing.T, w *attacked) {
	got := e2etest.Get(t, w.Base+"/en/", "X-Filler", strings.Repeat("x", 64<<10))
	e2etest.Equal(t, "the answer", got.Status, http.StatusRequestHeaderFieldsTooLarge)
}

// longTexts: what an actor says of himself is cut, and taken.
func longTexts(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Answered")
	s.Serve()
	document := p.Document()
	fields, aliases := []any{}, []string{}
	for n := range 60 {
		fields = append(fields, map[string]any{"type": "PropertyValue", "name": fmt.Sprint(n), "value": strings.Repeat("v", 3000)})
	}
	for n := range 300 {
		aliases = append(aliases, fmt.Sprint("https://a.example/", n))
	}
	document["preferredUsername"], document["name"] = strings.Repeat("u", 3000), strings.Repeat("é", 5000)
	document["summary"], document["attachment"], document["alsoKnownAs"] = strings.Repeat("s", 30<<10), fields, aliases
	p.Publish("/users/reader", e2etest.ActivityJSON, document)
	p.Sends(s, p.Follow(s.Actor()), p.Activity("Create", "1", p.Post("1", "<p>"+strings.Repeat("text ", 100_000)+"</p>", s.ObjectID(a))),
		e2etest.With(p.Activity("EmojiReact", "2", s.ObjectID(a)), "content", strings.Repeat("🎉", 10_000)),
		e2etest.With(p.Activity("Flag", "3", s.Actor()), "content", strings.Repeat("r", 500_000)))
	e2etest.Equal(t, "followers", e2etest.Object(t, s.Actor()+"/followers")["totalItems"], 1)
	r := s.Replies(audience.ReplyPending)
	if len(r) != 1 {
		t.Fatalf("%d replies wait", len(r))
	}
	for what, got := range map[string][2]int{
		"the name": {utf8.RuneCountInString(r[0].Name), 100}, "the handle": {utf8.RuneCountInString(r[0].Handle), 200},
		"the text": {len(r[0].Content), 64 << 10},
	} {
		if got[0] == 0 || got[0] > got[1] {
			t.Errorf("%s has %d characters, want %d at most", what, got[0], got[1])
		}
	}
}

// textsSlowToRead: the worst texts of a message are read within the time of a
// request, and leave little.
func textsSlowToRead(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	a := s.Publish("Answered")
	s.Serve()
	for n, piece := range []string{"<a", "<a ", "<b>", "<div><p>", "<table><tr><td>", "<!--", "&#", "<svg>", "<a href=x>", "<p onclick='", "e\u0301\u0327"} {
		note := p.Post(fmt.Sprint(n), strings.Repeat(piece, 1_000_000/len(piece)), s.ObjectID(a))
		delete(note, "contentMap")
		var text bytes.Buffer
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false) // or it would be too large
		if err := e.Encode(p.Activity("Create", fmt.Sprint(n), note)); err != nil {
			t.Fatal(err)
		}
		e2etest.Equal(t, "the answer to a megabyte of "+piece, p.Send(s.Inbox(), text.Bytes()), http.StatusAccepted)
	}
	for _, r := range s.Replies(audience.ReplyPending) {
		if len(r.Content) > 128<<10 {
			t.Errorf("%d bytes are kept of %s", len(r.Content), r.ID)
		}
	}
}

// noSlowPatterns: regular expressions are those of package regexp, which take
// time in proportion to the text, whatever the pattern.
func noSlowPatterns(t *testing.T) {
	text, err := os.ReadFile(e2etest.Source(t, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []string{"regexp2", "pcre", "onig", "hyperscan"} {
		if bytes.Contains(bytes.ToLower(text), []byte(engine)) {
			t.Errorf("go.mod has a module like %s, whose patterns may take exponential time", engine)
		}
	}
}

// deletionsOfStrangers: a storm of deletions of accounts that nobody here knows
// is answered without a fetch and is no reason to throttle.
func deletionsOfStrangers(t *testing.T) {
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	for n := range 500 {
		gone := p.As(fmt.Sprint("reader-", n))
		l := gone.Letter(s.Inbox(), gone.Activity("Delete", fmt.Sprint(n), gone.Actor()))
		l.Request.Header.Set("Signature", `keyId="`+gone.KeyID()+`",headers="(request-target) host date digest",signature="AAAA"`)
		if got := l.Post(t); got != http.StatusAccepted {
			t.Fatalf("deletion %d is answered %d", n, got)
		}
		e2etest.Equal(t, "requests for the account", p.Requests("/users/"+gone.Account), 0)
	}
	e2etest.Equal(t, "the answer to whoever follows then", p.Send(s.Inbox(), p.Follow(s.Actor())), http.StatusAccepted)
}

// oneLimitForEveryInbox: a client that has used up its attempts has done so at every
// inbox, by whatever path.
func oneLimitForEveryInbox(t *testing.T) {
	s, p := e2etest.NewAnnouncing(t), e2etest.NewPeer(t)
	s.Serve()
	inboxes := inboxRoutes(t, speaking...)
	try := func(inbox string) int {
		l := p.Letter(s.Base+inbox, []byte("{"))
		l.Request.Header.Set("X-Forwarded-For", "198.51.100.7")
		return l.Post(t)
	}
	for n := range 300 {
		if got := try(inboxes[n%len(inboxes)]); got != http.StatusBadRequest {
			t.Fatalf("message %d is answered %d", n, got)
		}
	}
	for _, inbox := range inboxes {
		e2etest.Equal(t, "the next at "+inbox, try(inbox), http.StatusTooManyRequests)
		e2etest.Equal(t, "the next at "+inbox+"?x", try(inbox+"?x"), http.StatusTooManyRequests)
	}
	e2etest.Equal(t, "a reader from there", e2etest.Get(t, s.Base+"/en/", "X-Forwarded-For", "198.51.100.7").Status, http.StatusOK)
}

// picturesThatAreNone: what is handed in as a picture and is not one, or would be
// large when it is unpacked, is refused; nothing of it is kept or shown.
func picturesThatAreNone(t *testing.T) {
	s := e2etest.NewSite(t)
	s.Serve()
	for name, content := range map[string][]byte{
		"bomb.png": pictureBomb(t), "posing.png": []byte(`{"id":"x","type":"Person"}`), "page.jpg": []byte("<!DOCTYPE html><script>x</script>"),
		"drawing.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>`), "empty.gif": nil,
	} {
		document := s.Markdown("Posing", "Text.", "images: [{src: "+name+", alt: x}]")
		if err := os.WriteFile(filepath.Join(filepath.Dir(document), name), content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, problems, err := s.Run("publish", document); err == nil {
			t.Errorf("%s was taken for a picture: %s", name, problems)
		}
	}
	e2etest.Equal(t, "articles", strings.Contains(string(e2etest.Get(t, s.Base+"/en/").Body), "Posing"), false)
}

// pictureBomb is a small PNG that says to be 60,000 pixels wide and high.
func pictureBomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	bomb := b.Bytes()
	binary.BigEndian.PutUint32(bomb[16:], 60_000)
	binary.BigEndian.PutUint32(bomb[20:], 60_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	return bomb
}

// namesOfPictures: a picture's address is not a path.
func namesOfPictures(t *testing.T) {
	s := e2etest.NewSite(t)
	s.Serve()
	for _, name := range []string{
		"..%2f..%2fcommunique.yaml", "../communique.yaml", "%2e%2e/communique.yaml", "..\\communique.yaml", "/etc/passwd", "%2fetc%2fpasswd",
		"communique.yaml", "x.png%00.yaml", ".png", ".", "%2e%2e", strings.Repeat("a", 64) + ".png", "'or'1'='1.png",
	} {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, s.Base, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Opaque = "/media/" + name
		got, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = got.Body.Close()
		if got.StatusCode/100 != 4 {
			t.Errorf("/media/%s is answered %d", name, got.StatusCode)
		}
	}
	secret := s.Markdown("A picture from elsewhere", "Text.", "images: [{src: ../../../../../../etc/passwd, alt: x}]")
	if _, _, err := s.Run("publish", secret); err == nil {
		t.Error("a file from elsewhere was taken for a picture")
	}
}
