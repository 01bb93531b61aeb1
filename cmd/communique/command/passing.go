package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"communique/federation"
	"communique/storage"
	"communique/storage/press"
)

// passing are the servers that have an article and are known to pass over its
// corrections, which they answer as if they showed them.
type passing struct {
	Software  []string `json:"software"`
	Servers   int      `json:"servers"`
	Followers int      `json:"followers"`
}

// passing counts them for an article; an article that is sent whole is not a Note, and
// they show nothing else of it either.
func (in *installation) passing(ctx context.Context, id press.ArticleID) (p passing, err error) {
	p.Software = []string{}
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		entries, err := pushedEntries(tx, id)
		if err != nil || len(entries) == 0 {
			return err
		}
		sources, err := tx.SourcesOf(entries[0])
		if err != nil {
			return err
		}
		for _, s := range sources {
			all, err := tx.AudienceOf(s.Name, entries[0])
			if err != nil {
				return err
			}
			for _, a := range all {
				if !federation.PassesOverUpdates(a.Software) {
					continue
				}
				p.Servers, p.Followers = p.Servers+a.Servers, p.Followers+a.Followers
				if !slices.Contains(p.Software, a.Software) {
					p.Software = append(p.Software, a.Software)
				}
			}
		}
		return nil
	})
	return p, err
}

// text tells of them, empty if there are none.
func (p passing) text(before string) string {
	if p.Servers == 0 {
		return ""
	}
	return fmt.Sprintf("%s %d servers with %d followers run %s, which takes corrections and goes on showing the first text.",
		before, p.Servers, p.Followers, strings.Join(p.Software, " or "))
}
