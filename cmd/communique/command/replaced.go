package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext"
)

// replaced is what a correction takes the place of, as --json prints it.
type replaced struct {
	Title     string         `json:"title"`
	Published string         `json:"published"`
	Language  press.Language `json:"language"`
	Section   press.Path     `json:"section"`
	Tags      []string       `json:"tags"`
	now       press.Path     // the section of what takes its place
}

// replaced reads what was there before a correction; nil if nothing was.
func (in *installation) replaced(ctx context.Context, r newsroom.Result) (was *replaced, err error) {
	if r.Before.ID == "" {
		return nil, nil
	}
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		before, _ := tree.Section(r.Before.Section)
		now, _ := tree.Section(r.Article.Section)
		was = &replaced{r.Before.Title, in.published(r.Before), r.Before.Language, before.Path, append([]string{}, r.Before.Tags...), now.Path}
		return nil
	})
	return was, err
}

// printReplaced says what a correction takes the place of, and what else than the text
// becomes another: it is easily overlooked in a document.
func (a *app) printReplaced(ctx context.Context, in *installation, r newsroom.Result) error {
	was, err := in.replaced(ctx, r)
	if err != nil {
		return err
	}
	line := fmt.Sprintf("Replaces %s of %s", richtext.Quoted(was.Title), in.when(r.Before))
	if was.Language != r.Article.Language {
		line += fmt.Sprintf("; it was in %s and is in %s now", was.Language, r.Article.Language)
	}
	if was.Section != was.now {
		line += fmt.Sprintf("; moved from %s to %s", was.Section, was.now)
	}
	if !slices.Equal(was.Tags, r.Article.Tags) {
		line += fmt.Sprintf("; the tags were %s and are %s", tagList(was.Tags), tagList(r.Article.Tags))
	}
	a.say("%s.", line)
	return nil
}

func tagList(tags []string) string {
	if len(tags) == 0 {
		return "none"
	}
	return "[" + strings.Join(tags, ", ") + "]"
}
