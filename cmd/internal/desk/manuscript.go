package desk

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// manuscriptView is a manuscript's page: what would go out by it, and what can be done.
type manuscriptView struct {
	manuscriptLine
	Revision  int
	Digest    string
	Parts     string     // the digests of its parts
	Since     *sinceView // what has changed since it was shown; nil if nobody asks
	Goes      *preview   // nil if it lacks something, or goes out no more
	Lacks     *lack
	Notes     []newsroom.Note
	How       manuscripts.How
	Files     []manuscripts.File
	Source    string // the address of the page that it was imported from
	Linked    int    // how many links lead to other sites
	Revisions []revisionLine
	Remarks   []remarkLine
	Alarms    []alarmLine
	Approvers []string // who may approve it
	Voided    bool     // it was in review until it was saved
	Open      bool
	InReview  bool
	Waiting   bool // it is approved, and waits for its instant
	Able      []assignable
	NamedTo   []string // whom it is limited to
	Widened   bool     // none of them can approve it, so that all read it who can
	Withdraws bool     // it is to take an article back
	Ready     bool     // it was approved, and waits for other languages of its set
	Stale     bool     // it was approved as something else
	New       bool     // it is to become an article
	Set       *setLine
	Siblings  []string // what becomes of the other languages of what it changes
	Fresh     bool     // the second factor was shown a short while ago
	Outcome   string
	newsroom.MyRights
	Wrong   string
	Reason  string // as typed
	Remark  string
	Besides *besides    // what goes out and is not seen in the proof
	Public  *publicText // what a correction changes; nil of anything else
	Turned  bool        // it has become a correction of what went out while it was written
	Others  string      // who else is writing in it
	Typed   []unsavedLine
	Behind  *olderView // what it changes is older than what that translates; nil if it is not

	shown *shown // to who would approve it, and is so no longer
}

// approvedBy fills in who may approve it, and whether any of them is among those to whom it is limited.
func (view *manuscriptView) approvedBy(approvers []people.Person, named []string) {
	view.Widened = len(named) > 0 && len(approvers) > 0
	for _, p := range approvers {
		view.Approvers = append(view.Approvers, p.Shown())
		view.Widened = view.Widened && !slices.Contains(named, p.ID)
	}
}

// preview is what readers would see.
type preview struct {
	Title, Lead string
	Language    press.Language
	Trail       []string
	Body        template.HTML
	Pictures    []press.Image
	Tags        []string
	press.Particulars
	KindLabel string
	When      instant
	AtOnce    bool
}

// Dir is the direction of its text.
func (p preview) Dir() string { return p.Language.Direction() }

// besides is what goes out by a manuscript and is not seen in the proof.
type besides struct {
	Translates press.ArticleID
	Pictures   []press.Image
	Linked     []press.File
	Announcers []string
	Written    string // the instant as it was entered, if that names another zone
}

func (d *Desk) besides(look newsroom.Looked) *besides {
	a := look.Result.Article
	b := &besides{Translates: a.Translates, Pictures: a.Images, Linked: look.Linked, Announcers: look.Announcers}
	c, err := newsroom.ReadComposition(look.Revision.Document)
	if m, ok := momentOf(c.Published); err == nil && ok && m.Zone != "" && m.Time != "" {
		if at, err := time.Parse("2006-01-02T15:04Z07:00", m.Date+"T"+m.Time[:5]+m.Zone); err == nil {
			b.Written = at.Format("Monday 2 January 2006, 15:04") + " (" + press.Offset(at) + ")"
		}
	}
	return b
}

// publicText is what is public, or under embargo, beside what a correction would make of it.
type publicText struct {
	Diff []diffLine
	Same bool
	Due  bool // it is under embargo, and goes out as it is if the correction is not approved by then
}

type revisionLine struct {
	Number int
	When   instant
	By     string
}

type remarkLine struct {
	When     instant
	By, Text string
}

func (d *Desk) manuscript(w http.ResponseWriter, r *http.Request) error {
	return d.showManuscript(w, r, http.StatusOK, manuscriptView{})
}

// showManuscript shows a manuscript as it is now, with what somebody has typed that was not
// taken.
func (d *Desk) showManuscript(w http.ResponseWriter, r *http.Request, status int, view manuscriptView) error {
	v, ctx := visitOf(r), r.Context()
	look, err := v.Room.Look(ctx, chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	if err := notForPeople(look.Lacks); err != nil {
		return err
	}
	n, tree, err := d.names(ctx)
	if err != nil {
		return err
	}
	m := look.Manuscript
	if view.MyRights, err = v.Room.Rights(ctx, m); err != nil {
		return err
	}
	if m.State.Open() {
		approvers, err := v.Room.Approvers(ctx, m)
		if err != nil {
			return err
		}
		view.approvedBy(approvers, m.Named)
		view.Voided = m.State == manuscripts.Draft && r.URL.Query().Has("voided")
	}
	if view.Able, err = d.assignables(r, m); err != nil {
		return err
	}
	for _, id := range m.Named {
		view.NamedTo = append(view.NamedTo, n.of(id))
	}
	view.Waiting, view.Withdraws = m.State == manuscripts.Approved, m.Kind == manuscripts.Withdrawal
	view.manuscriptLine = d.manuscriptLineOf(ctx, n, tree, m)
	view.Revision, view.Digest, view.Parts, view.How, view.Files = m.Revision, look.Digest, partsIn(look), look.Revision.How, look.Files
	if look.Page != nil {
		view.Source = look.Page.SourceURL
	}
	if view.shown != nil {
		if view.Since, err = d.since(r, look, *view.shown); err != nil {
			return err
		}
	}
	view.Open, view.InReview, view.Fresh = m.State.Open(), m.State == manuscripts.InReview, v.fresh(d.Store.Now())
	if err := d.fillLanguages(r, tree, look, &view); err != nil {
		return err
	}
	alarms, err := v.Room.AlarmsOf(ctx, m.ID)
	if view.Alarms, err = d.alarmLines(r, alarms, err); err != nil {
		return err
	}
	d.fillStory(ctx, n, look, &view)
	switch {
	case look.Lacks != nil:
		view.Lacks = lackOf(look.Lacks, string(look.Revision.Document))
	case m.State.Pending():
		view.Goes, view.Notes = d.preview(ctx, tree, look), notesIn(look.Result.Notes, string(look.Revision.Document))
		view.Besides, view.Linked = d.besides(look), len(linksElsewhere(look, d.Room.Site.Base))
		if m.Kind == manuscripts.Correction {
			before, after := d.asLines(ctx, tree, look.Result.Before), d.asLines(ctx, tree, look.Result.Article)
			view.Public = &publicText{Diff: difference(before, after), Same: before == after, Due: look.Result.Before.State == press.Embargoed}
		}
		if view.Siblings, err = d.fates(r, look.Result); err != nil {
			return err
		}
		if view.Outcome, err = d.outcome(ctx, look); err != nil {
			return err
		}
		view.Outcome = view.Set.outcome(view.Outcome)
	}
	view.Turned = r.FormValue("turned") != ""
	if view.Others, err = d.others(r, m.ID); err != nil {
		return err
	}
	if view.Typed, err = d.unsavedIn(r, m); err != nil {
		return err
	}
	title := view.Title
	if title == "" {
		title = "Manuscript"
	}
	return d.show(w, r, status, "manuscript", title, view)
}

// fillStory tells who has written a text, and what was remarked on it.
func (d *Desk) fillStory(ctx context.Context, n names, look newsroom.Looked, view *manuscriptView) {
	for _, rev := range look.Revisions {
		view.Revisions = append(view.Revisions, revisionLine{rev.Number, d.instant(ctx, rev.At), n.of(rev.By)})
	}
	for _, remark := range look.Remarks {
		view.Remarks = append(view.Remarks, remarkLine{d.instant(ctx, remark.At), n.of(remark.By), remark.Text})
	}
}

// notForPeople is an error that says nothing about a text, such as that the database is away.
func notForPeople(err error) error {
	if err == nil || errors.Is(err, press.ErrInvalid) || errors.Is(err, press.ErrConflict) || errors.Is(err, press.ErrNotFound) {
		return nil
	}
	if errors.Is(err, press.ErrBusy) || errors.Is(err, press.ErrUnsure) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// inSentence is an error as a sentence.
func inSentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + strings.TrimSuffix(text[1:], ".") + "."
}

// preview shows what goes out by a manuscript. Its text was cleaned; the pictures are not
// public yet, and are the desk's own.
func (d *Desk) preview(ctx context.Context, tree press.Tree, look newsroom.Looked) *preview {
	a, m := look.Result.Article, look.Manuscript
	own := "/manuscripts/" + m.ID + "/media/"
	body, pictures := d.body(a, own), d.pictures(a, own)
	for name, file := range look.Sources {
		src := own + name + "?" + url.Values{"of": {file}}.Encode()
		body = strings.ReplaceAll(body, `src="`+own+name+`"`, `src="`+src+`"`)
		for i := range pictures {
			if pictures[i].Src == own+name {
				pictures[i].Src = src
			}
		}
	}
	for _, f := range look.Files {
		body = strings.ReplaceAll(body, `href="`+d.Room.Site.File(f.Hash, path.Base(f.Name))+`"`, `href="`+template.HTMLEscapeString(fileAddress(m.ID, f.Name))+`"`)
	}
	return &preview{
		Title: a.Title, Lead: a.Lead, Language: a.Language, Trail: tree.Names(a.Section, d.Room.Language, d.Room.Language), Body: template.HTML(body),
		Pictures: pictures, Tags: a.Tags, Particulars: a.Particulars, KindLabel: d.kindLabel(a.Kind), When: d.when(ctx, a), AtOnce: m.Kind == manuscripts.NewArticle && m.Instant.IsZero() && !a.Inherits,
	}
}

// outcome says what a release does, for who does it.
func (d *Desk) outcome(ctx context.Context, look newsroom.Looked) (string, error) {
	a := look.Result.Article
	if a.State == press.Embargoed {
		if a.Inherits {
			return "under the embargo of what it translates", nil
		}
		at := d.when(ctx, a)
		until := strings.TrimSuffix("under embargo until "+at.Day+", "+at.Clock, ", ") + " in " + d.Room.Zone.String()
		return until + at.elsewhere(), nil
	}
	servers := 0
	if s, err := d.Standing(ctx); err == nil {
		servers = s.Servers
	} else if errors.Is(err, context.Canceled) {
		return "", err
	}
	switch look.Manuscript.Kind {
	case manuscripts.Withdrawal:
		if at := look.Revision.How.At; at.After(d.Store.Now()) {
			return fmt.Sprintf("withdraws it %s: %s told to delete it then", d.onDay(ctx, at), serversAre(servers)), nil
		}
		return fmt.Sprintf("withdraws it at once: %s told to delete it, and it can't be undone", serversAre(servers)), nil
	case manuscripts.Correction:
		if at := look.Revision.How.At; at.After(d.Store.Now()) {
			told := serversAre(servers) + " told then"
			if a.Silent {
				told = "no server is told"
			}
			return fmt.Sprintf("corrects it %s: %s", d.onDay(ctx, at), told), nil
		}
		if a.Silent {
			return "corrects the pages and feeds at once; no server is told", nil
		}
		return fmt.Sprintf("corrects it at once: %s told, and it can't be called back", serversAre(servers)), nil
	}
	if a.Silent {
		return "goes out at once on pages and in feeds; no server is told", nil
	}
	return fmt.Sprintf("goes out at once to %s, and can't be called back", serversOf(servers)), nil
}

// onDay is an instant in a sentence.
func (d *Desk) onDay(ctx context.Context, at time.Time) string {
	i := d.instant(ctx, at)
	return fmt.Sprintf("on %s, %s in %s%s", i.Day, i.Clock, d.Room.Zone, i.elsewhere())
}

func serversOf(n int) string {
	if n == 1 {
		return "1 server"
	}
	return grouped(n) + " servers"
}

func serversAre(n int) string {
	if n == 1 {
		return "1 server is"
	}
	return grouped(n) + " servers are"
}

// grouped is a number as it is read most easily: 4,812.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// manuscriptPicture answers with a picture that would go out. Those that a correction leaves
// as they are belong to the article.
func (d *Desk) manuscriptPicture(w http.ResponseWriter, r *http.Request) error {
	id, name, room := chi.URLParam(r, "id"), chi.URLParam(r, "name"), visitOf(r).Room
	m, err := room.Picture(r.Context(), id, name, r.URL.Query().Get("of"))
	if errors.Is(err, press.ErrNotFound) {
		look, found := room.Opened(r.Context(), id)
		if found == nil && look.Manuscript.Article != "" {
			http.Redirect(w, r, mediaOf(look.Manuscript.Article)+name, http.StatusSeeOther)
			return nil
		}
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", m.Type)
	_, _ = w.Write(m.Content) // an error concerns a client that has gone
	return nil
}

// manuscriptFile answers with a file beside a manuscript, to be stored and not shown: it was
// looked at by nobody yet.
func (d *Desk) manuscriptFile(w http.ResponseWriter, r *http.Request) error {
	name := r.URL.Query().Get("name")
	content, err := visitOf(r).Room.Enclosure(r.Context(), chi.URLParam(r, "id"), name)
	if err != nil {
		return err
	}
	answerFile(w, name, content)
	return nil
}

func fileAddress(id, name string) string {
	return "/manuscripts/" + id + "/file?" + url.Values{"name": {name}}.Encode()
}
