package purge

import (
	"time"

	"communique/storage"
	"communique/storage/delivery"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// formats are the endings of feeds.
var formats = []string{"rss", "atom", "json"}

// addresses collects what entries have changed, each once and in the order in
// which it was found.
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

// changed adds what an entry has changed. An entry of an actor changes nothing
// that is pulled.
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

// article adds the pages of an article and of its translations, which name each
// other, and every feed and page of sections that it stands or stood in.
func (a *addresses) article(tx *storage.Tx, e press.Entry) error {
	one, err := tx.Article(e.Article)
	if err != nil {
		return err
	}
	if err := a.page(tx, one); err != nil {
		return err
	}
	if e.Revision > 1 {
		before, err := tx.ArticleAt(e.Article, e.Revision-1)
		if err != nil {
			return err
		}
		// With another title it was at another address.
		if err := a.page(tx, before); err != nil {
			return err
		}
	}
	a.versions(one)
	if e.Kind == press.KindWithdrawn {
		if err := a.activities(tx, one.ID); err != nil {
			return err
		}
	}
	positions, err := a.standing(tx, one.ID)
	if err != nil {
		return err
	}
	for _, p := range positions {
		a.block(p)
		a.dates(p, one.Published)
	}
	group, err := tx.Translations(one.Group)
	if err != nil {
		return err
	}
	for _, t := range group {
		a.add(a.site.ArticleByID(t.Language, t.ID, t.Title))
		if _, err := a.standing(tx, t.ID); err != nil {
			return err
		}
	}
	return nil
}

// page adds what is about one article, and its pictures: a withdrawal takes them
// along, and a correction those that it leaves out.
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
	return err
}

// mostCompared is how many versions are taken to have been compared with each
// other: their pairs soon are more than all else. The others' comparisons a
// cache asks for again within a minute.
const mostCompared = 10

// versions adds the pages of an article's versions, and of the newest ones
// compared.
func (a *addresses) versions(one press.Article) {
	for number := 1; number <= one.Revision; number++ {
		a.add(a.site.Version(one, number))
		for from := max(1, one.Revision-mostCompared+1); from < number; from++ {
			a.add(a.site.Comparison(one, from, number))
		}
	}
}

// activities adds those by which servers were given a text of an article, and under
// whose ids a cache may have it.
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

// standing adds the sections that an article stands or stood in, and the parts
// of the sitemap that list it. It returns where that is.
func (a *addresses) standing(tx *storage.Tx, id press.ArticleID) ([]newsdesk.Position, error) {
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

// dates adds the year and the month of a section in which an article was
// published.
func (a *addresses) dates(p newsdesk.Position, published time.Time) {
	at := published.In(a.zone)
	path := a.path(p.Section)
	a.add(a.site.ByDate(p.Language, path, at.Year(), 0), a.site.ByDate(p.Language, path, at.Year(), at.Month()))
}

// path is where a section is now; the root is at the empty one.
func (a *addresses) path(id press.SectionID) press.Path {
	if s, ok := a.tree.Section(id); ok {
		return s.Path
	}
	return ""
}

// paths are where a section is now and where it was: what a cache has from there it
// may keep for a day after the section has moved.
func (a *addresses) paths(id press.SectionID) []press.Path {
	return append(a.tree.FormerPaths(id), a.path(id))
}

func (a *addresses) section(lang press.Language, path press.Path) {
	a.add(a.site.Section(lang, path), a.site.ByDate(lang, path, 0, 0))
	for _, format := range formats {
		a.add(a.site.Feed(lang, path, format))
	}
}

// block adds the archive document of a position, which a cache may keep for a
// day, and the one before it: that changes, too, when this one begins.
func (a *addresses) block(p newsdesk.Position) {
	for number := max(1, p.Block()-1); number <= p.Block(); number++ {
		for _, path := range a.paths(p.Section) {
			for _, format := range formats {
				a.add(a.site.Archive(p.Language, path, number, format))
			}
		}
	}
}

// sections adds a section whose name or address has changed, with all above and
// all below it.
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
