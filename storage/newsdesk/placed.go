package newsdesk

import (
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Placed is where an article is, and which set it belongs to, without what it says.
type Placed struct {
	Section  press.SectionID
	Language press.Language
	Group    press.ArticleID
}

// Placed reads where some articles are, whatever their states; one that is not there is left out.
func (tx *Tx) Placed(ids []press.ArticleID) (map[press.ArticleID]Placed, error) {
	all := map[press.ArticleID]Placed{}
	if len(ids) == 0 {
		return all, nil
	}
	err := tx.db.Each(func(scan func(...any) error) error {
		var id press.ArticleID
		var p Placed
		err := scan(&id, &p.Section, &p.Language, &p.Group)
		all[id] = p
		return err
	}, `SELECT id, section, language, translation_group FROM articles WHERE id IN (`+kernel.Numbered(1, len(ids))+`)`, anys(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read where articles are: %w", err)
	}
	return all, nil
}

// Members are the articles of some sets that are public or under embargo, by the sets.
func (tx *Tx) Members(groups []press.ArticleID) (map[press.ArticleID]map[press.ArticleID]press.Language, error) {
	all := map[press.ArticleID]map[press.ArticleID]press.Language{}
	if len(groups) == 0 {
		return all, nil
	}
	err := tx.db.Each(func(scan func(...any) error) error {
		var group, id press.ArticleID
		var language press.Language
		err := scan(&group, &id, &language)
		if all[group] == nil {
			all[group] = map[press.ArticleID]press.Language{}
		}
		all[group][id] = language
		return err
	}, `SELECT translation_group, id, language FROM articles WHERE state IN ('embargoed', 'published') AND translation_group IN (`+kernel.Numbered(1, len(groups))+`)`, anys(groups)...)
	if err != nil {
		return nil, fmt.Errorf("read what is in sets: %w", err)
	}
	return all, nil
}

func anys[T any](items []T) (all []any) {
	for _, item := range items {
		all = append(all, item)
	}
	return all
}
