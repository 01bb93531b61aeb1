package newsroom

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/manuscripts"
)

// Propose begins a manuscript of a document, with the files beside it, and submits it. If it
// cannot go out as it is, nothing is left of it, and the error says why.
func (d Desk) Propose(ctx context.Context, p Proposal, beside fs.FS) (m manuscripts.Manuscript, err error) {
	if m, err = d.BeginWith(ctx, p, Enclosed{Put: d.readBeside(p.Text, beside)}); err != nil {
		return m, err
	}
	submitted, err := d.Submit(ctx, m.ID, m.Revision)
	if err != nil {
		return m, errors.Join(err, d.GiveUp(context.WithoutCancel(ctx), m.ID))
	}
	return submitted, nil
}

// ProposeSet begins manuscripts of one text in several languages, the original first, and
// submits them as a set that goes out all or none, or with the original first. If one cannot go
// out as it is, nothing is left of any, and the error says why.
func (d Desk) ProposeSet(ctx context.Context, all []Proposal, beside []fs.FS, together bool) (begun []manuscripts.Manuscript, err error) {
	err = d.Together(ctx, func(d Desk) error {
		for i, p := range all {
			if i > 0 {
				p.set, p.together = begun[0].ID, together
			}
			m, err := d.BeginWith(ctx, p, Enclosed{Put: d.readBeside(p.Text, beside[i])})
			if err != nil {
				return err
			}
			begun = append(begun, m)
		}
		return d.noted(ctx, func(tx *storage.Tx) error {
			if err := tx.BeginLanguageSet(begun[0].ID); err != nil {
				return err
			}
			return tx.SetTogether(begun[0].ID, together)
		})
	})
	if err != nil {
		return nil, err
	}
	for i, m := range begun {
		submitted, err := d.Submit(ctx, m.ID, m.Revision)
		if err != nil {
			return nil, errors.Join(err, d.giveUpAll(context.WithoutCancel(ctx), begun))
		}
		begun[i] = submitted
	}
	return begun, nil
}

// giveUpAll gives up the manuscripts of a set, the original last.
func (d Desk) giveUpAll(ctx context.Context, all []manuscripts.Manuscript) (err error) {
	for _, m := range slices.Backward(all) {
		err = errors.Join(err, d.GiveUp(ctx, m.ID))
	}
	return err
}

// readBeside reads what a document shows and links to in its folder. What is not there is
// left to be told when the document is read.
func (d Desk) readBeside(text []byte, beside fs.FS) (files []Enclosure) {
	doc, err := d.parse("the text", text)
	if err != nil || beside == nil {
		return nil // it is told when it is looked at
	}
	var names []string
	for _, image := range doc.Images {
		names = append(names, image.Src)
	}
	for _, found := range toFile.FindAllStringSubmatch(string(doc.Body), -1) {
		names = append(names, besideURL.String()+found[2])
	}
	for _, address := range names {
		escaped, here := strings.CutPrefix(address, besideURL.String())
		escaped, _, _ = strings.Cut(escaped, "#")
		name, err := url.PathUnescape(escaped)
		if !here || err != nil || slices.ContainsFunc(files, func(e Enclosure) bool { return e.Name == name }) {
			continue
		}
		content, err := readBounded(beside, name, manuscripts.MaxFileBytes)
		if err != nil {
			continue // it is told when the document is read
		}
		files = append(files, Enclosure{name, content})
	}
	return files
}
