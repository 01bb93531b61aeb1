package purge

import (
	"strings"
	"time"

	"communique/storage"
	"communique/storage/delivery"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// formats are the feed formats.
var formats = []string{"rss", "atom", "json"}

// addresses collects the addresses that entries have changed, each once, in the
// order in which they are found.
type addresses struct {
	site      press.Site
	zone      *time.Location
	languages []press.Language
	tree      press.Tree
	seen      map[string]bool
	list      []string
}

func (a *addresses) add(all ...string) {
	for _, address := range all {
		if !a.seen[address] {
			a.seen[address] = true
			a.list = append(a.list, address)
		}
	}
}

// changed adds the addresses that an entry has changed. An actor's entry changes no
// page or feed.
func (a *addresses) changed(tx *storage.Tx, e press.Entry) error {
	switch {
	case e.Article != "":
		a.add(a.site.SitemapIndex(), a.site.Sitemap("news"))
		return a.article(tx, e)
	case e.Kind == press.KindSection:
		a.add(a.site.SitemapIndex(), a.site.Sitemap("sections"))
		a.sections(e.Section)
	}
	return nil
}

// article adds the pages of an article and of its translations, which link to each
// other, and all feeds and pages of the sections that list it now or did before.
func (a *addresses) article(tx *storage.Tx, e press.Entry) error {
	one, err := tx.Article(e.Article)
	if err != nil {
		return err
	}
	if err := a.page(tx, one); err != nil {
		return err
	}
	kinds := []press.ArticleKind{one.Kind}
	if e.Revision > 1 {
		before, err := tx.WordingAt(e.Article, e.Revision-1)
		if err != nil {
			return err
		}
		// If its title was different, so was its address.
		if err := a.page(tx, before); err != nil {
			return err
		}
		kinds = append(kinds, before.Kind)
	}
	a.versions(one)
	if err := a.media(tx, e.Seq); err != nil {
		return err
	}
	if e.Kind == press.KindWithdrawn {
		if err := a.activities(tx, one.ID); err != nil {
			return err
		}
	}
	positions, err := a.listings(tx, one.ID)
	if err != nil {
		return err
	}
	a.kinds(positions, kinds)
	for _, p := range positions {
		a.block(p)
		a.dates(p, one.DateIn(a.zone))
	}
	group, err := tx.Translations(one.Group)
	if err != nil {
		return err
	}
	for _, t := range group {
		a.add(a.site.ArticleByID(t.Language, t.ID, t.Title))
		if _, err := a.listings(tx, t.ID); err != nil {
			return err
		}
	}
	return nil
}

// page adds the pages of one article and its tags, and its pictures and files: a
// withdrawal removes them, and a correction those that it drops.
func (a *addresses) page(tx *storage.Tx, one press.Article) error {
	a.add(a.site.Article(one), a.site.Object(one.ID), a.site.History(one))
	if len(one.Tags) > 0 {
		a.add(a.site.Tags(one.Language))
	}
	for _, tag := range one.Tags {
		a.add(a.site.TagPage(one.Language, tag))
		for _, format := range formats {
			a.add(a.site.TagFeed(one.Language, tag, format))
		}
	}
	pictures, err := tx.MediaNames(one)
	for _, name := range pictures {
		a.add(a.site.Media(name))
	}
	if err != nil {
		return err
	}
	files, err := tx.Files(one)
	for _, f := range files {
		a.add(a.site.File(f.Hash, f.Name))
	}
	return err
}

// media adds the pictures and files whose withdrawal an entry tells.
func (a *addresses) media(tx *storage.Tx, seq press.Seq) error {
	all, err := tx.WithdrawnMediaBy(seq)
	for _, w := range all {
		for _, name := range w.Names {
			if hash, file, is := strings.Cut(name, "/"); is {
				a.add(a.site.File(hash, file))
			} else {
				a.add(a.site.Media(name))
			}
		}
	}
	return err
}

// mostCompared bounds the versions whose comparisons are purged, because the number
// of pairs grows quickly. A cache revalidates other comparisons within a minute.
const mostCompared = 10

// versions adds the pages of an article's versions and the comparisons of the
// newest ones.
func (a *addresses) versions(one press.Article) {
	for number := 1; number <= one.Revision; number++ {
		a.add(a.site.Version(one, number))
		for from := max(1, one.Revision-mostCompared+1); from < number; from++ {
			a.add(a.site.Comparison(one, from, number))
		}
	}
}

// activities adds the activities that carried the article's text, which a cache may
// hold under their ids.
func (a *addresses) activities(tx *storage.Tx, id press.ArticleID) error {
	entries, err := tx.EntriesOf(id)
	for _, e := range entries {
		switch e.Kind {
		case press.KindPublished:
			a.add(a.site.Activity(e.Seq, string(delivery.Create)))
		case press.KindCorrected:
			a.add(a.site.Activity(e.Seq, string(delivery.Create)), a.site.Activity(e.Seq, string(delivery.Update)))
		}
	}
	return err
}

// listings adds the sections that list an article now or did before, and its parts
// of the sitemap. It returns its positions in them.
func (a *addresses) listings(tx *storage.Tx, id press.ArticleID) ([]newsdesk.Position, error) {
	positions, err := tx.Positions(id)
	for _, p := range positions {
		for _, path := range a.paths(p.Section) {
			a.section(p.Language, path)
		}
		if p.Section == press.Root {
			a.add(a.site.SitemapPart(p.Language, p.SitemapPart()))
		}
	}
	return positions, err
}

// kinds adds what sections list of an article's kind, and of the one that it had before.
func (a *addresses) kinds(positions []newsdesk.Position, kinds []press.ArticleKind) {
	for _, kind := range kinds {
		for _, p := range positions {
			if kind != "" {
				a.add(a.site.SectionKind(p.Language, a.path(p.Section), kind))
			}
		}
	}
}

// dates adds a section's archive of the year and the month of an article's date.
func (a *addresses) dates(p newsdesk.Position, at time.Time) {
	path := a.path(p.Section)
	a.add(a.site.ByDate(p.Language, path, at.Year(), 0), a.site.ByDate(p.Language, path, at.Year(), at.Month()))
}

// path is the current path of a section; empty for the root.
func (a *addresses) path(id press.SectionID) press.Path {
	if s, ok := a.tree.Section(id); ok {
		return s.Path
	}
	return ""
}

// paths are the former and the current path of a section: a cache may keep what it
// has from a former path for a day after the move.
func (a *addresses) paths(id press.SectionID) []press.Path {
	return append(a.tree.FormerPaths(id), a.path(id))
}

func (a *addresses) section(lang press.Language, path press.Path) {
	a.add(a.site.Section(lang, path), a.site.ByDate(lang, path, 0, 0))
	for _, format := range formats {
		a.add(a.site.Feed(lang, path, format))
	}
}

// block adds the archive document of a position, which a cache may keep for a day,
// and the one before it, which changes, too, when this one begins.
func (a *addresses) block(p newsdesk.Position) {
	for number := max(1, p.Block()-1); number <= p.Block(); number++ {
		for _, path := range a.paths(p.Section) {
			for _, format := range formats {
				a.add(a.site.Archive(p.Language, path, number, format))
			}
		}
	}
}

// sections adds a section whose name or address has changed, and all sections above
// and below it.
func (a *addresses) sections(id press.SectionID) {
	within := map[press.SectionID]bool{id: true}
	var paths []press.Path
	a.tree.Walk(func(s press.Section, _ int) {
		if within[s.Parent] {
			within[s.ID] = true
		}
		if within[s.ID] {
			paths = append(paths, a.paths(s.ID)...)
		}
	})
	for _, s := range a.tree.Trail(id) {
		paths = append(paths, s.Path)
	}
	for _, lang := range a.languages {
		a.section(lang, "")
		a.add(a.site.OPML(lang, "rss"), a.site.OPML(lang, "atom"))
		for _, path := range paths {
			a.section(lang, path)
		}
	}
}
