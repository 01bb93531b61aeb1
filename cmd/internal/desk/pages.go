package desk

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"communique/storage/people"
)

//go:embed templates
var templates embed.FS

//go:embed style.css
var style []byte

//go:embed writing.js
var script []byte

//go:embed passkey.js
var passkeyScript []byte

// pages are the templates, each with the frame that all have, and the style.
type pages struct {
	byName map[string]*template.Template
	// The addresses of the style and the scripts have a hash of what is there, so that it can be
	// kept for ever.
	styleURL string
	// scriptURL is of what keeps the text of a form while it is typed, passkeyURL of what asks a
	// browser for a passkey, keysURL of what hears keys.
	scriptURL, passkeyURL, keysURL string
}

func newPages() (*pages, error) {
	frame, err := template.ParseFS(templates, "templates/frame.html")
	if err != nil {
		return nil, fmt.Errorf("read the frame of the desk's pages: %w", err)
	}
	names, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list the desk's pages: %w", err)
	}
	p := &pages{
		byName: map[string]*template.Template{}, styleURL: hashed("/style.", style, ".css"),
		scriptURL: hashed("/writing.", script, ".js"), passkeyURL: hashed("/passkey.", passkeyScript, ".js"), keysURL: hashed("/keys.", keysScript, ".js"),
	}
	for _, name := range names {
		page, err := frame.Clone()
		if err == nil {
			page, err = page.ParseFS(templates, name)
		}
		if err != nil {
			return nil, fmt.Errorf("read the desk's page %s: %w", name, err)
		}
		p.byName[strings.TrimSuffix(path.Base(name), ".html")] = page
	}
	return p, nil
}

// hashed is the address of a file, which changes with it.
func hashed(stem string, content []byte, ext string) string {
	sum := sha256.Sum256(content)
	return stem + hex.EncodeToString(sum[:6]) + ext
}

// frame is what all pages have.
type frame struct {
	Title, Ministry string
	Style           string
	Person          *people.Person // nil before somebody has signed in
	Factor          bool           // they have all that their roles need
	Operator        bool
	Agrees          bool   // they might agree to roles
	Answers         string // where they see to answers; empty if they don't
	Keys            string // the script that hears keys; empty before somebody has signed in
	Here            string // the first part of the page's address
	Page            any
}

// show answers with a page.
func (d *Desk) show(w http.ResponseWriter, r *http.Request, status int, name, title string, view any) error {
	here, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	f := frame{Title: title, Ministry: d.Ministry, Style: d.pages.styleURL, Here: here, Page: view}
	if v := visitOf(r); v != nil {
		f.Person, f.Operator, f.Agrees = &v.Person, v.MayAnywhere(people.Operator), v.agrees()
		f.Factor, f.Keys = !v.lacksFactor() && v.whole(), d.pages.keysURL
		switch t := tabsOf(r, ""); {
		case t.Decides:
			f.Answers = "/answers"
		case t.Operator:
			f.Answers = "/reports"
		}
	}
	var page bytes.Buffer
	if err := d.pages.byName[name].Execute(&page, f); err != nil {
		return fmt.Errorf("write the page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(d.inPlace(page.Bytes())) // an error concerns a client that has gone
	return nil
}

// style answers with the style of all pages, whose address changes with it.
func (d *Desk) style(w http.ResponseWriter, _ *http.Request) error {
	return answerForEver(w, "text/css; charset=utf-8", style)
}

// script answers with the script of the form for writing.
func (d *Desk) script(w http.ResponseWriter, _ *http.Request) error {
	return answerForEver(w, "text/javascript; charset=utf-8", script)
}

// passkeyScript answers with the script of passkeys.
func (d *Desk) passkeyScript(w http.ResponseWriter, _ *http.Request) error {
	return answerForEver(w, "text/javascript; charset=utf-8", passkeyScript)
}

func answerForEver(w http.ResponseWriter, kind string, content []byte) error {
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(content) // an error concerns a client that has gone
	return nil
}
