package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// desk is where the operator of the command line works.
func (a *app) desk(in *installation) newsroom.Desk { return in.desk(a.Env("USER")) }

// desk is where somebody works on this machine.
func (in *installation) desk(author string) newsroom.Desk {
	d := newsroom.Desk{
		Store: in.store, Site: in.site, Zone: in.config.Zone, Language: in.language(), Languages: in.config.Languages, Actor: in.config.Actor.Name,
		MaxFile: in.config.MaxFileSize, Kinds: in.config.KindNames(),
		Author: newsroom.Author{Name: author, Via: newsroom.CommandLine},
	}
	weekend, holidays := in.config.Duty.FreeDays()
	d.Duty = newsroom.Duty{Post: in.config.Mail.Server != "", Addresses: in.config.Duty.Addresses, Days: newsroom.WorkingDays{Weekend: weekend}}
	for _, h := range holidays {
		d.Duty.Days.Holidays = append(d.Duty.Days.Holidays, newsroom.Holiday(h))
	}
	if in.journal != nil {
		d.Journal = in.journal
	}
	for _, a := range in.config.Announcers {
		if a.Section != "" {
			d.Announcers = append(d.Announcers, newsroom.Announcing{Actor: a.Name, Section: a.Section})
		}
	}
	return d
}

// readDocuments reads Markdown files, in their order.
func (a *app) readDocuments(ctx context.Context, in *installation, names []string) ([]newsroom.Document, error) {
	var docs []newsroom.Document
	for _, name := range names {
		d, err := a.readDocument(ctx, in, name)
		if err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	return docs, nil
}

// readDocument reads a Markdown file with the pictures beside it, "-" for
// standard input with those in the folder where we are.
func (a *app) readDocument(ctx context.Context, in *installation, name string) (newsroom.Document, error) {
	text, folder, err := a.readFile(name)
	if err != nil {
		return newsroom.Document{}, err
	}
	return a.readText(ctx, in, name, text, folder)
}

// readFile reads a file, and the folder in which it is.
func (a *app) readFile(name string) (text []byte, beside fs.FS, err error) {
	file := a.Stdin
	folder := "."
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: it cannot be read: %w", name, unwrapPath(err))
		}
		defer f.Close()
		file, folder = f, filepath.Dir(name)
	}
	if text, err = io.ReadAll(io.LimitReader(file, newsroom.MaxDocument+1)); err != nil {
		return nil, nil, fmt.Errorf("%s: it cannot be read: %w", name, unwrapPath(err))
	}
	return text, folderFS(folder), nil
}

// readText reads a document with the pictures and files in a folder. What that lacks is
// taken from the article that the document says it was made of.
func (a *app) readText(ctx context.Context, in *installation, name string, text []byte, folder fs.FS) (newsroom.Document, error) {
	desk := a.desk(in)
	if id := newsroom.MadeOf(text); id != "" {
		kept, err := desk.Kept(ctx, id)
		if err != nil && !errors.Is(err, press.ErrNotFound) {
			return newsroom.Document{}, err
		}
		folder = newsroom.Beside(folder, kept)
	}
	return desk.Read(name, text, folder)
}

// folderFS is the files of a folder. Not even a symbolic link in it leads out.
type folderFS string

// Open opens a file below the folder.
func (f folderFS) Open(name string) (fs.File, error) {
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, err
	}
	defer root.Close() // the file stays open
	return root.Open(name)
}

// Stat looks at a file without opening it: what is no file may keep who opens it waiting.
func (f folderFS) Stat(name string) (fs.FileInfo, error) {
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.Stat(name)
}

// unwrapPath drops the operation and the name, which the caller says in other words.
func unwrapPath(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err
	}
	return err
}
