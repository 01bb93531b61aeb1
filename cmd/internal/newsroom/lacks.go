package newsroom

import (
	"errors"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/manuscripts"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Lack is something that a manuscript lacks, for lists. What else keeps it from going out is
// told when it is looked at ([Desk.Look]).
type Lack struct {
	What      string
	Languages []press.Language // of [LackTranslations]
}

// What a manuscript may lack. The first four are known by its document alone.
const (
	LackSection      = "section"
	LackText         = "text"
	LackDescription  = "description" // of a picture
	LackMending      = "mending"     // it is not taken as it is, for another reason
	LackOpen         = "open section"
	LackInstant      = "instant"
	LackSubmission   = "submission"
	LackApproval     = "approval"
	LackTranslations = "translations"
)

// undescribed is a picture in a Markdown text that has no description.
var undescribed = lazyregexp.New(`!\[\s*\]\(`)

// describeMore reads of a document of which kind it is, what it translates, and what it lacks:
// a place on the site, or what keeps it from being read.
func (d Desk) describeMore(m *manuscripts.Manuscript, c composed, nowhere bool, incomplete error) {
	if c.err != nil {
		if incomplete != nil {
			m.Lacks = []string{LackMending}
		}
		return
	}
	if press.CheckText("kind", c.Kind, press.MaxShort) == nil {
		m.ArticleKind = press.ArticleKind(c.Kind)
	}
	m.Translates = ""
	if of, err := d.Site.ArticleRef(c.TranslationOf); c.TranslationOf != "" && err == nil {
		m.Translates = of
	}
	told := false // what the document lacks says what it is not taken for, too
	lacks := func(what string, so, tells bool) {
		if so {
			m.Lacks = append(m.Lacks, what)
		}
		told = told || so && tells
	}
	var field string
	if p, ok := errors.AsType[*Problem](incomplete); ok {
		field = p.Field
	}
	lacks(LackSection, nowhere && (m.Article == "" || c.Section != ""), field == "section")
	lacks(LackText, strings.TrimSpace(c.Text) == "", field == "")
	bare := slices.ContainsFunc(c.Images, func(i ComposedImage) bool { return strings.TrimSpace(i.Alt) == "" })
	lacks(LackDescription, !d.bare && (bare || undescribed.MatchString(c.Text)), field == "images" || field == "")
	lacks(LackMending, incomplete != nil && !told, false)
}

// fillLacks says of manuscripts that are open what they lack.
func (d Desk) fillLacks(tx *storage.Tx, all []Piled) error {
	var of []press.ArticleID
	for _, m := range all {
		if m.State.Open() && m.Article != "" {
			of = append(of, m.Article)
		}
	}
	placed, err := tx.Placed(of)
	if err != nil {
		return err
	}
	said, err := d.saidIn(tx, placed)
	if err != nil {
		return err
	}
	tree, err := tx.Tree()
	if err != nil {
		return err
	}
	for i, m := range all {
		if !m.State.Open() {
			continue
		}
		lack := func(what string, so bool, languages ...press.Language) {
			if so {
				all[i].Lacking = append(all[i].Lacking, Lack{what, languages})
			}
		}
		for _, what := range m.Lacks {
			lack(what, true)
		}
		_, closed := tree.ClosedBy(m.Section)
		lack(LackOpen, closed && m.Kind == manuscripts.NewArticle)
		translates := m.Translates != "" || m.Set != "" && m.Set != m.ID
		lack(LackInstant, m.Kind == manuscripts.NewArticle && m.Instant.IsZero() && !translates)
		lack(LackSubmission, m.State == manuscripts.Draft)
		lack(LackApproval, m.State == manuscripts.InReview)
		if m.Kind != manuscripts.Withdrawal && !translates && (m.Article == "" || placed[m.Article].Group == m.Article) {
			set, err := tx.LanguageSet(m.Set)
			if err != nil {
				return err
			}
			missing := slices.DeleteFunc(slices.Clone(d.Languages), func(l press.Language) bool {
				return l == m.Language || slices.Contains(said[m.Article], l) ||
					slices.ContainsFunc(set, func(other manuscripts.Manuscript) bool {
						return other.Language == l && other.State != manuscripts.Cancelled && len(other.Named) == 0
					})
			})
			lack(LackTranslations, len(missing) > 0, missing...)
		}
	}
	return nil
}

// saidIn are the languages in which originals are there, or are being translated into, by the
// originals.
func (d Desk) saidIn(tx *storage.Tx, placed map[press.ArticleID]newsdesk.Placed) (map[press.ArticleID][]press.Language, error) {
	said := map[press.ArticleID][]press.Language{}
	var groups, members []press.ArticleID
	for id, p := range placed {
		if p.Group == id {
			groups = append(groups, id)
		}
	}
	slices.Sort(groups)
	sets, err := tx.Members(groups)
	if err != nil {
		return nil, err
	}
	reading, err := ReadingOf(tx, d.Person)
	if err != nil {
		return nil, err
	}
	for _, set := range sets {
		for id := range set {
			members = append(members, id)
		}
	}
	slices.Sort(members)
	written, err := tx.Translating(members)
	if err != nil {
		return nil, err
	}
	for group, set := range sets {
		for id, language := range set {
			if !reading.limited(id) {
				said[group] = append(said[group], language)
			}
			said[group] = append(said[group], written[id]...)
		}
	}
	return said, nil
}
