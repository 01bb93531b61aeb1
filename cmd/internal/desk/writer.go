package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// writerFor is for how long a form can be sent after its page was shown by somebody whose
// session has ended: what they typed is kept for them.
const writerFor = endsAfter

// writer is whose form it is, as a form says it: what is sent by it is theirs, whether or not
// their session has ended meanwhile.
type writer struct {
	person     string
	form       string // its name
	manuscript string // empty of something new
	until      int64  // Unix time
}

// newWriter is whose a form is that is shown to somebody now. An empty name is a new form.
func (d *Desk) newWriter(r *http.Request, form, manuscript string) writer {
	if form == "" {
		form = press.RandomToken()
	}
	return writer{visitOf(r).ID, form, manuscript, d.Store.Now().Add(writerFor).Unix()}
}

// sealed is a writer as it stands in a form, so that nobody else can make one.
func (d *Desk) sealed(ctx context.Context, w writer) (string, error) {
	key, err := d.Room.FormKey(ctx)
	return strings.Join([]string{w.person, w.form, strconv.FormatInt(w.until, 10), w.mac(key)}, "."), err
}

// writerIn reads whose a form is; ok is false if it does not say so any more.
func (d *Desk) writerIn(ctx context.Context, sealed, manuscript string) (w writer, ok bool, err error) {
	part := strings.Split(sealed, ".")
	if len(part) != 4 {
		return w, false, nil
	}
	until, err := strconv.ParseInt(part[2], 10, 64)
	if err != nil {
		return w, false, nil //nolint:nilerr // then it is none of ours
	}
	key, err := d.Room.FormKey(ctx)
	if err != nil {
		return w, false, err
	}
	w = writer{part[0], part[1], manuscript, until}
	return w, hmac.Equal([]byte(part[3]), []byte(w.mac(key))) && d.Store.Now().Unix() < until, nil
}

func (w writer) mac(key []byte) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "writer\n%s\n%s\n%s\n%d", w.person, w.form, w.manuscript, w.until)
	return hex.EncodeToString(mac.Sum(nil))
}

// manuscriptIn is the manuscript of a form by its address, and whether it is one by which
// people write; "new" begins one.
func manuscriptIn(path string) (id string, writing bool) {
	id, act, ok := strings.Cut(strings.TrimPrefix(path, "/manuscripts/"), "/")
	switch {
	case !strings.HasPrefix(path, "/manuscripts/"):
	case id == "new" && (!ok || act == "typed"):
		return "", true
	case act == "edit" || act == "typed":
		return id, true
	}
	return "", false
}

// editing is the page that has the form of a manuscript.
func editing(manuscript string) string {
	if manuscript == "" {
		return "/manuscripts/new"
	}
	return "/manuscripts/" + manuscript + "/edit"
}

// fate is what became of what was sent by a form for writing from somebody whose session has ended.
type fate struct {
	kept bool // it is for them to find when they have signed in again
	// why is that nobody keeps it, though the form is one of theirs; empty if it is kept, or the
	// form is not known for anybody's.
	why  string
	sent upload // if it is one of theirs
}

// kept keeps what is sent by a form for writing from somebody whose session has ended, and
// tells what became of it.
func (d *Desk) kept(r *http.Request) (f fate, err error) {
	id, writing := manuscriptIn(r.URL.Path)
	if !writing || r.Method != http.MethodPost {
		return f, nil
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return f, nil // it is none of the desk's forms, which say whose they are first
	}
	var by writer
	ours := false // the others don't take the place of one that is: they may be slow on purpose
	f.sent, err = parts(r, func(name, value string) (err error) {
		if name == "writer" {
			by, ours, err = d.writerIn(r.Context(), value, id)
		}
		if err != nil || !ours {
			return errors.Join(err, errForm) // nothing more is read
		}
		select {
		case d.unknown <- struct{}{}:
			return nil
		case <-r.Context().Done():
			ours = false
			return r.Context().Err()
		}
	})
	if ours {
		defer func() { <-d.unknown }()
	}
	if err != nil {
		return fate{}, nil //nolint:nilerr // it is nothing that can be kept: they are led to sign in
	}
	f.why, err = d.keepFor(r, f.sent, by)
	f.kept = f.why == ""
	return f, err
}

// Why nothing is kept of what somebody has written.
const (
	accessEnded = "Your access to this desk was ended while you wrote."
	mayNoLonger = "Your session has ended, and your roles don’t let you write here any more."
	givenUp     = "Your session has ended, and this was given up, or went out, meanwhile."
	tooMuch     = "Your session has ended, and what you wrote is longer than the desk keeps for you."
)

// keepFor keeps what was written by a form for whose it is, if they may write there still; else it
// says why not.
func (d *Desk) keepFor(r *http.Request, u upload, by writer) (why string, err error) {
	k, err := d.Room.KnownByID(r.Context(), by.person)
	if errors.Is(err, press.ErrNotFound) {
		return accessEnded, nil
	}
	if err != nil {
		return "", err
	}
	room := d.roomOf(r, k.Login)
	room.Person = k.Person
	_, err = room.KeepTyped(r.Context(), u.typed(by), u.Get("taken"))
	switch {
	case errors.Is(err, newsroom.ErrMayNot), errors.Is(err, press.ErrNotFound):
		return mayNoLonger, nil
	case errors.Is(err, press.ErrConflict):
		return givenUp, nil
	case errors.Is(err, press.ErrInvalid):
		return tooMuch, nil
	}
	return "", err
}

// lostView is the page of what was sent and is neither saved nor kept. A stranger gets it: there is
// nothing on it but what the request has sent itself.
type lostView struct {
	Why   string
	Text  string
	Note  string   // to readers, beside it
	Files []string // by name
	Gone  bool     // whoever it is cannot sign in any more
}

// showLost answers with what somebody has written and is not kept, so that they can copy it.
func (d *Desk) showLost(w http.ResponseWriter, r *http.Request, f fate) error {
	view := lostView{Why: f.why, Text: f.sent.whole(), Gone: f.why == accessEnded}
	if written, _, _ := d.written(f.sent); written.Document != "" { // what is wrong with it is told nobody any more
		view.Text, view.Note = written.Document, written.How.Note
	}
	for _, file := range f.sent.Files {
		view.Files = append(view.Files, file.Name)
	}
	return d.show(w, r, http.StatusForbidden, "lost", "Not saved", view)
}
