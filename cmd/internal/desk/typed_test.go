package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/people"
)

// types sends what is typed in a form as its script does.
func (b *browser) types(at string, form map[string]string, changes ...string) typedAnswer {
	b.t.Helper()
	fields := maps.Clone(form)
	for i := 0; i < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	got := b.writes(at+"/typed", fields)
	var answer typedAnswer
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		b.t.Fatalf("%d: %v\n%s", got.status, err, got.body)
	}
	return answer
}

// writes sends a form for writing, in which whose it is stands first.
func (b *browser) writes(path string, fields map[string]string) page {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, name := range append([]string{"writer"}, slices.Sorted(maps.Keys(fields))...) {
		if name == "writer" && body.Len() > 0 {
			continue
		}
		if err := form.WriteField(name, fields[name]); err != nil {
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

// offered is the address by which what was typed is taken.
func (p page) offered(t testing.TB) (take string) {
	t.Helper()
	found := regexp.MustCompile(`href="([^"]*\?typed=[a-z2-7]+(?:&amp;with=[0-9]+)?)"`).FindStringSubmatch(p.body)
	if found == nil {
		t.Fatalf("nothing is offered:\n%s", p.body)
	}
	return html.UnescapeString(found[1])
}

// ends ends all sessions.
func (h *house) ends() { h.clock.Pass(idleFor + time.Minute) }

// TestTyped: what is typed is kept, offered when the form is opened again, with what differs,
// and taken or thrown away; a save leaves nothing of it.
func TestTyped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	rui, ines, ana := h.signedIn("rui", "editor"), h.signedIn("ines", "editor"), h.signedIn("ana", "author")
	at := "/manuscripts/" + h.written("Treaty")
	form := fieldsOf(rui.get(at + "/edit"))
	if got := rui.types(at, form, "text", "What Rui typed."); !got.Kept || got.At == "" || got.Others != "" {
		t.Errorf("kept: %+v", got)
	}
	if got := ines.types(at, fieldsOf(ines.get(at+"/edit"))); got.Others != "RUI (last at 09:30)" {
		t.Errorf("who else is at it: %+v", got)
	}
	ines.is("who is at it", ines.get(at), http.StatusOK, "", "<bdi>RUI (last at 09:30)</bdi>")
	ines.is("and not what they typed", ines.get(at+"/edit?typed="+strings.Split(form["writer"], ".")[1]), http.StatusNotFound, "", "Nothing here")
	got := rui.get(at + "/edit")
	for _, says := range []string{"You typed this on", put("What"), put("Rui"), taken("The"), "Throw it away"} {
		rui.is("offered", got, http.StatusOK, "", says)
	}
	rui.is("on the overview", rui.get("/"), http.StatusOK, "", "You typed something on")
	rui.is("on its page", rui.get(at), http.StatusOK, "", "You typed something on")
	rui.is("left", rui.get(at+"/edit?typed=none"), http.StatusOK, "", "The text of it.</textarea>")
	took := rui.get(got.offered(t))
	rui.is("taken", took, http.StatusOK, "", "What Rui typed.</textarea>")
	// He goes on with it, and another window has the form of before.
	rui.types(at, fieldsOf(took), "text", "What Rui typed, and more.")
	took = rui.get(rui.get(at + "/edit").offered(t))
	rui.is("saved", rui.writes(at+"/edit", fieldsOf(took)), http.StatusOK, at, "What Rui typed, and more.")
	if body := rui.get(at + "/edit").body; strings.Contains(body, "You typed this") {
		t.Errorf("it is offered after it was saved:\n%s", body)
	}
	rui.types(at, form, "text", "Typed in the first window.")
	rui.is("thrown away", rui.post(at+"/typed/end", rui.get(at+"/edit").hidden(t, at+"/typed/end")...), http.StatusOK, at, "What Rui typed, and more.")
	rui.is("nothing is offered", rui.get(at+"/edit"), http.StatusOK, "", "What Rui typed, and more.</textarea>")

	ana.types("/manuscripts/new", fieldsOf(ana.get("/manuscripts/new")), "title", "Begun", "time", "10:00", "tags", "trade\r\nports")
	got = ana.get("/manuscripts/new")
	ana.is("something new", got, http.StatusOK, "", "that you did not save")
	fields := fieldsOf(ana.get(got.offered(t)))
	if fields["title"] != "Begun" || fields["time"] != "10:00" || fields["tags"] != "trade\nports" {
		t.Errorf("taken it is %v", fields)
	}
	fields["time"], fields["section"] = "", "statements"
	ana.is("saved", ana.writes("/manuscripts/new", fields), http.StatusOK, "", "What it lacks")
	ana.is("nothing is offered", ana.get("/manuscripts/new"), http.StatusOK, "", "Write something new</h1>")
	if got := rui.types(at, map[string]string{"writer": "x", "title": "made up"}); got.Kept {
		t.Errorf("a form that is none of ours is kept: %+v", got)
	}
	rui.is("given up", rui.post(at+"/end", "sure", "yes"), http.StatusOK, "", "given up")
	if got := rui.types(at, form, "text", "too late"); got.Kept || !strings.Contains(got.Says, "given up") {
		t.Errorf("of what was given up: %+v", got)
	}
}

// TestStrangersDontKeepWritersOut: a stranger who sends a form slowly holds up nobody whose
// session has ended while they wrote.
func TestStrangersDontKeepWritersOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	rui := h.signedIn("rui", "editor")
	form := fieldsOf(rui.get("/manuscripts/new"))
	h.ends()
	for _, kind := range []string{"multipart/form-data; boundary=x", "application/x-www-form-urlencoded"} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(rui.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		_, err = fmt.Fprintf(conn, "POST /manuscripts/new/typed HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: 1000\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"writer\"\r\n\r\nnobody", strings.TrimPrefix(rui.url, "http://"), kind)
		if err != nil {
			t.Fatal(err)
		}
		if got := rui.types("/manuscripts/new", form, "text", "Typed after it has ended."); !got.Kept {
			t.Errorf("beside a slow %s: %+v", kind, got)
		}
	}
}

// TestSessionLostWhileWriting: a form that is sent after the session has ended leads through
// signing in and back to what was written, also without script; it is shown to nobody else.
func TestSessionLostWhileWriting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	rui, ines := h.signedIn("rui", "editor"), h.signedIn("ines", "editor")
	at := "/manuscripts/" + h.written("Treaty")
	for _, path := range []string{at + "/edit", "/manuscripts/new"} {
		rui.signIn("rui", goodPassword, "")
		form := fieldsOf(rui.get(path))
		form["title"], form["text"] = "Treaty", "Written for eight hours."
		h.ends()
		if got := rui.types(strings.TrimSuffix(path, "/edit"), form, "text", "Typed after it has ended."); !got.Kept || !strings.Contains(got.Says, "Your session has ended") {
			t.Errorf("typed: %+v", got)
		}
		got := rui.writes(path, form)
		rui.is("sent", got, http.StatusOK, "/sign-in?kept=yes&then="+url.QueryEscape(path), "What you wrote is kept for you")
		got = rui.post("/sign-in", append(got.hidden(t, "/sign-in"), "login", "rui", "password", goodPassword)...)
		rui.is("signed in again", got, http.StatusOK, path, "You typed this on")
		took := rui.get(got.offered(t))
		rui.is("nothing is lost", took, http.StatusOK, "", "Written for eight hours.</textarea>")
		fields := fieldsOf(took)
		fields["section"] = "statements"
		rui.is("saved", rui.writes(path, fields), http.StatusOK, "", "Written for eight hours.")

		// Another one signs in by the same browser, before the form is sent.
		form = fieldsOf(rui.get(path))
		form["text"] = "Of Rui's."
		rui.post("/sign-out")
		rui.signIn("ines", goodPassword, "")
		rui.is("not hers", rui.writes(path, form), http.StatusConflict, "", "What they wrote is kept for them")
		if body := ines.get(path).body; strings.Contains(body, "Of Rui") {
			t.Errorf("another one is offered it:\n%s", body)
		}
		rui.post("/sign-out")
		rui.signIn("rui", goodPassword, "")
		rui.is("his", rui.get(rui.get(path).offered(t)), http.StatusOK, "", "Of Rui&#39;s.</textarea>")
		for _, u := range strings.Split(rui.get(path).body, `name="form" value="`)[1:] {
			form, _, _ := strings.Cut(u, `"`)
			rui.post(strings.TrimSuffix(path, "/edit")+"/typed/end", "form", form)
		}

		// A made-up writer, one that is too old, and one of somebody who was removed.
		form = fieldsOf(rui.get(path))
		part := strings.Split(form["writer"], ".")
		h.ends()
		for _, made := range []string{"", "x", strings.Join([]string{part[0], "a", part[2], part[3]}, "."), part[0] + "." + part[1] + ".99999999999." + part[3]} {
			forged := maps.Clone(form)
			forged["writer"] = made
			if got := rui.writes(path, forged); !strings.HasPrefix(got.path, "/sign-in?then=") {
				t.Errorf("by %q it leads to %s", made, got.path)
			}
		}
		other := maps.Clone(form)
		if got := rui.writes("/manuscripts/"+h.written("Other")+"/edit", other); !strings.HasPrefix(got.path, "/sign-in?then=") {
			t.Errorf("of another manuscript it leads to %s", got.path)
		}
		h.clock.Pass(writerFor)
		if got := rui.writes(path, form); !strings.HasPrefix(got.path, "/sign-in?then=") {
			t.Errorf("too old it leads to %s", got.path)
		}
		ines.signIn("ines", goodPassword, "")
	}
}

// TestRemovedWhileWriting: who is taken from the desk while they write, or may no longer write there, is
// told so when they save, and is shown what they sent, and nothing else; nobody keeps it.
func TestRemovedWhileWriting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	rui := h.signedIn("rui", "editor")
	const typed = "What <b>I</b> wrote & nobody keeps.</textarea><script>"
	for _, tt := range []struct {
		name, login string
		ends        func(at string) error
		says        string
		new         bool // it is something new that they write
	}{
		{"removed", "ana", func(string) error { _, err := h.room.RemovePerson(t.Context(), "ana"); return err }, accessEnded, false},
		{"removed, writing something new", "ben", func(string) error { _, err := h.room.RemovePerson(t.Context(), "ben"); return err }, accessEnded, true},
		{"of another role", "cat", func(string) error {
			g, err := h.room.ParseGrant(t.Context(), "reader")
			if err != nil {
				return err
			}
			_, err = h.room.Grant(t.Context(), "cat", []people.Grant{g})
			return err
		}, mayNoLonger, false},
		{"of what was given up", "dan", func(at string) error {
			h.ends()
			rui.signIn("rui", goodPassword, "")
			rui.is("given up", rui.post(at+"/end", "sure", "yes"), http.StatusOK, "", "given up")
			return nil
		}, givenUp, false},
	} {
		b := h.signedIn(tt.login, "editor")
		at := "/manuscripts/" + h.written("Text of "+tt.login)
		path := at + "/edit"
		if tt.new {
			at, path = "/manuscripts/new", "/manuscripts/new"
		}
		form := fieldsOf(b.get(path))
		form["title"], form["text"], form["note"] = "Typed by "+tt.login, typed, ""
		if !tt.new { // what others have saved since is not theirs to see
			fields := fieldsOf(rui.get(path))
			fields["text"] = "Of Rui, meanwhile."
			rui.is("saved meanwhile", rui.writes(path, fields), http.StatusOK, "", "Of Rui, meanwhile.")
		}
		if err := tt.ends(at); err != nil {
			t.Fatal(err)
		}
		if got := b.types(strings.TrimSuffix(path, "/edit"), form); got.Kept || !strings.Contains(got.Says, tt.says) || !strings.Contains(got.Says, "Copy it") {
			t.Errorf("%s: while they type they are told %+v", tt.name, got)
		}
		got := b.writes(path, form)
		for _, says := range []string{html.EscapeString(tt.says), "was not saved", "Typed by " + tt.login, html.EscapeString(typed) + "\n</textarea>"} {
			b.is(tt.name, got, http.StatusForbidden, path, says)
		}
		for _, not := range []string{"Of Rui", "<script>", ">Sign out<"} {
			if strings.Contains(got.body, not) {
				t.Errorf("%s: it shows %s:\n%s", tt.name, not, got.body)
			}
		}
		for _, made := range []string{"", "x", form["writer"] + "0"} {
			forged := maps.Clone(form)
			forged["writer"] = made
			if got := b.writes(path, forged); !strings.HasPrefix(got.path, "/sign-in?then=") {
				t.Errorf("%s: by %q it leads to %s", tt.name, made, got.path)
			}
		}
	}
}

// TestReleasedWhileWriting: what somebody writes in a text that goes out meanwhile becomes a
// proposed correction of it, and the writer is told.
func TestReleasedWhileWriting(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		go_  func(b *browser, at string, form map[string]string) page // to the page of the correction
	}{
		{"saved", func(b *browser, at string, form map[string]string) page { return b.writes(at+"/edit", form) }},
		{"typed", func(b *browser, at string, form map[string]string) page {
			got := b.types(at, form)
			if !strings.Contains(got.Says, "has become a proposed correction") {
				b.t.Errorf("the writer is told: %+v", got)
			}
			return b.get(strings.TrimSuffix(got.Go, "/edit"))
		}},
		{"typed before", func(b *browser, at string, form map[string]string) page {
			return b.post(at+"/typed/correction", b.get(at+"/edit").hidden(b.t, at+"/typed/correction")...)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.invite("root", "operator")
			ana, rui, eva := h.signedIn("ana", "author"), h.signedIn("rui", "editor"), h.signedIn("eva", "approver")
			at := ana.send("/manuscripts/new", map[string]string{"title": "Treaty", "section": "statements", "language": "en", "text": "The text.", "date": "2026-11-26", "time": "15:00"}).path
			form, other := fieldsOf(ana.get(at+"/edit")), fieldsOf(rui.get(at+"/edit"))
			ana.post(at+"/submission", "revision", "1")
			form["text"], other["text"] = "The text, with what Ana wrote.", "The text, with what Rui wrote."
			ana.types(at, form)
			eva.is("released", eva.post(at+"/approval", eva.get(at).hidden(t, at+"/approval")...), http.StatusOK, at, "It was released")
			got := tt.go_(ana, at, form)
			ana.is("proposed", got, http.StatusOK, "", "with what Ana wrote")
			ana.is("as a correction", got, http.StatusOK, "", "Correction of")
			correction, _, _ := strings.Cut(got.path, "?")
			if correction == at {
				t.Fatalf("it is the same manuscript: %s", correction)
			}
			// The other one's is kept beside it.
			got = rui.writes(at+"/edit", other)
			rui.is("the other", got, http.StatusOK, correction+"/edit", put("Rui"))
			// Its author goes on with it, and it goes the way of a correction.
			fields := fieldsOf(ana.get(correction + "/edit"))
			fields["note"] = "A word was missing."
			// The embargo ends while she has it open.
			h.clock.Pass(6 * time.Hour)
			if err := h.desk.Store.Update(t.Context(), func(tx *storage.Tx) error {
				_, err := tx.Release(10)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if got := ana.types(correction, fields); got.Says != nowPublic {
				t.Errorf("after the end of the embargo: %+v", got)
			}
			ana.is("saved", ana.writes(correction+"/edit", fields), http.StatusOK, correction+"?turned=yes", "it is a proposed correction now")
		})
	}
}

// TestSomebodyLeaves: before somebody is taken from the desk it is said what of their work goes with
// them, and what nobody sees to then; the audit tells of that.
func TestSomebodyLeaves(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	ana, root := h.signedIn("ana", "author"), h.signedIn("olga", "operator")
	root.is("nothing of hers", root.get("/people/ana"), http.StatusOK, "", "is given to nobody else.</p>")
	at := ana.send("/manuscripts/new", map[string]string{"title": "Treaty", "section": "statements", "language": "en", "text": "The text."}).path
	ana.types(at, fieldsOf(ana.get(at+"/edit")), "text", "More of the text.")
	to := regexp.MustCompile(`<option value="([^"]+)">ANA</option>`).FindStringSubmatch(ana.get(at).body)
	if to == nil {
		t.Fatal("it cannot be assigned")
	}
	ana.post(at+"/assignment", "to", to[1])
	root.is("what she typed", root.get("/people/ana"), http.StatusOK, "", "What they typed in a text and have not saved is deleted. A text that is assigned to them then waits for nobody.</p>")
	root.is("taken from the desk", root.post("/people/ana/removal", "sure", "yes"), http.StatusOK, "/people", "People")
	root.is("the audit", root.get("/audit?did=assigned+to+nobody"), http.StatusOK, "", "was: ana")
}
