package newsdesk

import (
	"fmt"
	"strings"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// treeKey is of the sections, in what a transaction keeps.
type treeKey struct{}

// Tree reads all sections, in the order in which they were made. A transaction that only reads reads
// them once.
func (tx *Tx) Tree() (press.Tree, error) {
	if known, ok := tx.db.Kept(treeKey{}).(press.Tree); ok {
		return known, nil
	}
	tree, err := tx.readTree()
	if err == nil && tx.db.Steady() {
		tx.db.Keep(treeKey{}, tree)
	}
	return tree, err
}

func (tx *Tx) readTree() (press.Tree, error) {
	names := map[press.SectionID]map[press.Language]string{}
	err := tx.db.Each(func(scan func(...any) error) error {
		var id press.SectionID
		var lang press.Language
		var name string
		if err := scan(&id, &lang, &name); err != nil {
			return err
		}
		if names[id] == nil {
			names[id] = map[press.Language]string{}
		}
		names[id][lang] = name
		return nil
	}, `SELECT section, language, name FROM section_names`)
	if err != nil {
		return press.Tree{}, fmt.Errorf("read section names: %w", err)
	}
	var sections []press.Section
	err = tx.db.Each(func(scan func(...any) error) error {
		var s press.Section
		var created, closed int64
		var instead string
		if err := scan(&s.ID, &s.Parent, &s.Slug, &s.Path, &created, &closed, &instead); err != nil {
			return err
		}
		s.Names, s.Created, s.Closed = names[s.ID], kernel.Instant(created), kernel.Instant(closed)
		if err := kernel.Unlist(instead, &s.Instead); err != nil {
			return fmt.Errorf("what is instead of section %d: %w", s.ID, err)
		}
		sections = append(sections, s)
		return nil
	}, `SELECT id, parent, slug, path, created, closed, instead FROM sections ORDER BY id`)
	if err != nil {
		return press.Tree{}, fmt.Errorf("read sections: %w", err)
	}
	former, err := tx.formerPaths()
	if err != nil {
		return press.Tree{}, err
	}
	places, err := tx.formerPlaces()
	return press.NewTree(sections).WithFormer(former).WithPlaces(places), err
}

// AddSection makes a section below a parent, with its first name. A slug that
// the parent already has is press.ErrConflict, and so is an address from which
// another section has moved ([Tx.GiveUp]).
func (tx *Tx) AddSection(parent press.SectionID, slug string, lang press.Language, name string) (press.Section, error) {
	name = plainName(name)
	s := press.Section{Parent: parent, Slug: slug, Path: press.Path(slug), Names: map[press.Language]string{lang: name}, Created: tx.db.Now()}
	if err := press.CheckSlug(slug); err != nil {
		return s, fmt.Errorf("%w slug: %w", press.ErrInvalid, err)
	}
	if err := checkName(lang, name); err != nil {
		return s, err
	}
	if err := tx.log.Lock(); err != nil {
		return s, err
	}
	if parent != press.Root {
		var path press.Path
		if err := tx.db.Row(`SELECT path FROM sections WHERE id = $1`, parent).Scan(&path); err != nil {
			return s, fmt.Errorf("add section %s: %w", slug, kernel.NotFound(err, "parent %d", parent))
		}
		if err := tx.CheckOpen(parent); err != nil {
			return s, fmt.Errorf("add section %s: %w", slug, err)
		}
		s.Path = path.Child(slug)
	}
	if err := tx.checkUnclaimed(s.Path, 0); err != nil {
		return s, fmt.Errorf("add section: %w", err)
	}
	var taken int
	err := tx.db.Row(`SELECT COUNT(*) FROM sections WHERE path = $1`, s.Path).Scan(&taken)
	if err == nil {
		s.ID, err = tx.newSectionID()
	}
	if err != nil {
		return s, fmt.Errorf("add section %s: %w", s.Path, err)
	}
	if taken > 0 {
		return s, fmt.Errorf("%w: the section %s exists: take another address", press.ErrConflict, s.Path)
	}
	if err := tx.insertSection(s); err != nil {
		return s, fmt.Errorf("add section %s: %w", s.Path, err)
	}
	if err := tx.setName(s.ID, lang, name); err != nil {
		return s, err
	}
	e, err := tx.log.AppendToTree(s.ID)
	if err != nil {
		return s, err
	}
	// The pages above list it.
	return s, tx.log.Touch(e, s.ID, publog.EveryLanguage)
}

// checkSection reports whether there is a section.
func (tx *Tx) checkSection(id press.SectionID) error {
	var n int
	if err := tx.db.Row(`SELECT COUNT(*) FROM sections WHERE id = $1`, id).Scan(&n); err != nil {
		return fmt.Errorf("read section %d: %w", id, err)
	}
	if n == 0 {
		return fmt.Errorf("%w: there is no section %d", press.ErrNotFound, id)
	}
	return nil
}

func (tx *Tx) insertSection(s press.Section) error {
	err := tx.db.Exec(`INSERT INTO sections (id, parent, slug, path, created) VALUES ($1, $2, $3, $4, $5)`,
		s.ID, s.Parent, s.Slug, s.Path, kernel.Micros(s.Created))
	if err != nil {
		return err
	}
	return tx.db.Exec(`INSERT INTO section_ancestors (section, ancestor)
		SELECT CAST($1 AS BIGINT), ancestor FROM section_ancestors WHERE section = $2
		UNION SELECT CAST($1 AS BIGINT), CAST($1 AS BIGINT) UNION SELECT CAST($1 AS BIGINT), 0`, s.ID, s.Parent)
}

// NameSection sets a section's name in a language. Every page and feed that
// shows the name changes: those of the section, below it and above it.
func (tx *Tx) NameSection(id press.SectionID, lang press.Language, name string) (press.Entry, error) {
	name = plainName(name)
	if err := checkName(lang, name); err != nil {
		return press.Entry{}, err
	}
	if err := tx.log.Lock(); err != nil {
		return press.Entry{}, err
	}
	tree, err := tx.Tree()
	if err != nil {
		return press.Entry{}, err
	}
	s, ok := tree.Section(id)
	if !ok {
		return press.Entry{}, fmt.Errorf("%w: there is no section %d", press.ErrNotFound, id)
	}
	if before := s.Names[lang]; before != "" && before != name {
		if err := tx.leavePlace(press.Place{Parent: s.Parent, Name: before}, id); err != nil {
			return press.Entry{}, err
		}
	}
	if err := tx.setName(id, lang, name); err != nil {
		return press.Entry{}, err
	}
	e, err := tx.log.AppendToTree(id)
	if err != nil {
		return e, err
	}
	if err := tx.log.MarkNames(e); err != nil {
		return e, err
	}
	// Another language may show this name for want of its own.
	return e, tx.log.TouchNames(e, id)
}

// plainName is a name with single spaces, which is how paths of names are read.
func plainName(name string) string { return strings.Join(strings.Fields(name), " ") }

func checkName(lang press.Language, name string) error {
	switch {
	case name == "":
		return fmt.Errorf("%w name: the section's name is empty", press.ErrInvalid)
	case lang == "":
		return fmt.Errorf("%w language: none given for the section's name", press.ErrInvalid)
	}
	return press.CheckText("name", name, press.MaxShort)
}

func (tx *Tx) setName(id press.SectionID, lang press.Language, name string) error {
	err := tx.db.Exec(`INSERT INTO section_names (section, language, name) VALUES ($1, $2, $3)
		ON CONFLICT (section, language) DO UPDATE SET name = excluded.name`, id, lang, name)
	if err != nil {
		return fmt.Errorf("name section %d: %w", id, err)
	}
	return nil
}
