package desk

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/answers"
	"communique/storage/press"
	"communique/storage/richtext"
)

// evidenceView is the list of what was kept as evidence.
type evidenceView struct {
	tabs
	Lines []evidenceLine
	Next  string // the address of the next page
}

// evidenceLine is a reply or a quote that was kept, as people see it: a stranger's text,
// without its links.
type evidenceLine struct {
	answerLine
	ID                 string
	Kept               instant
	By                 string
	Published, Version instant
	TextDigest, Digest string
	Post               string
	Verified           bool
	Unverified         string
	History            []auditLine
}

func (d *Desk) evidenceLine(r *http.Request, k answers.Kept, characters int) evidenceLine {
	line := evidenceLine{
		answerLine: d.answerLine(r, answers.Answer{Reply: k.Reply, Article: k.Article}, characters),
		ID:         k.ID, Kept: d.instant(r.Context(), k.Kept), By: k.By, Published: d.instant(r.Context(), k.Published), TextDigest: k.TextDigest(), Digest: k.Digest,
		Post: k.Reply.ID, Verified: k.Verified, Unverified: k.Unverified,
	}
	if !k.Quotes { // of a quote it is not known
		line.Version = d.instant(r.Context(), k.Version)
	}
	for _, l := range k.History {
		line.History = append(line.History, d.auditLine(r.Context(), l))
	}
	return line
}

func (d *Desk) evidence(w http.ResponseWriter, r *http.Request) error {
	all, on, err := answers.ListKept(r.Context(), visitOf(r).Room, r.URL.Query().Get("after"), answersShown)
	if err != nil {
		return err
	}
	view := evidenceView{tabs: tabsOf(r, "evidence")}
	for _, k := range all {
		view.Lines = append(view.Lines, d.evidenceLine(r, k, excerptOfAnswer))
	}
	if on != "" {
		view.Next = "/evidence?" + url.Values{"after": {on}}.Encode()
	}
	return d.show(w, r, http.StatusOK, "evidence", "Evidence", view)
}

func (d *Desk) pieceOfEvidence(w http.ResponseWriter, r *http.Request) error {
	k, err := answers.LookAtKept(r.Context(), visitOf(r).Room, chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	return d.show(w, r, http.StatusOK, "piece", "Evidence", d.evidenceLine(r, k, len(richtext.Text(k.Content))))
}

// originalOfEvidence answers with the signed request that brought what was kept.
func (d *Desk) originalOfEvidence(w http.ResponseWriter, r *http.Request) error {
	id := chi.URLParam(r, "token")
	original, err := answers.OriginalOf(r.Context(), visitOf(r).Room, id)
	if err != nil {
		return err
	}
	answerFile(w, "evidence-"+id+".http", original.Request)
	return nil
}

// keyOfEvidence answers with the key that verified that request.
func (d *Desk) keyOfEvidence(w http.ResponseWriter, r *http.Request) error {
	id := chi.URLParam(r, "token")
	key, err := answers.KeyOf(r.Context(), visitOf(r).Room, id)
	if err != nil {
		return err
	}
	answerFile(w, "evidence-"+id+".pem", []byte(key))
	return nil
}

// keepAnswer keeps an answer as evidence, and leads to what was kept.
func (d *Desk) keepAnswer(w http.ResponseWriter, r *http.Request) error {
	kept, err := answers.Keep(r.Context(), visitOf(r).Room, chi.URLParam(r, "token"))
	if errors.Is(err, press.ErrNotFound) {
		return d.showAnswers(w, r, http.StatusConflict, goneAnswer)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/evidence/"+kept[0].ID, http.StatusSeeOther)
	return nil
}
