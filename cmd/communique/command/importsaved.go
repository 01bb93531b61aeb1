package command

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"communique/cmd/internal/importer"
	"communique/cmd/internal/newsroom"
)

// savedFolders are the folders that pages are imported from, with what was saved beside
// the pages. If they are several, their files are named after their numbers.
type savedFolders []string

func savedIn(args []string) savedFolders {
	var s savedFolders
	for _, arg := range args {
		if info, err := os.Stat(arg); err != nil || !info.IsDir() {
			arg = filepath.Dir(arg)
		}
		if arg = filepath.Clean(arg); !slices.Contains(s, arg) {
			s = append(s, arg)
		}
	}
	return s
}

// name is the name of a page among the files of the folders.
func (s savedFolders) name(page string) string {
	for i, folder := range s {
		if name, err := filepath.Rel(folder, page); err == nil && filepath.IsLocal(name) {
			return s.numbered(i, filepath.ToSlash(name))
		}
	}
	return page
}

func (s savedFolders) numbered(i int, name string) string {
	if len(s) == 1 {
		return name
	}
	return strconv.Itoa(i) + "/" + name
}

// in is the folder that a name leads to, and the name in it.
func (s savedFolders) in(name string) (folderFS, string, error) {
	if len(s) == 1 {
		return folderFS(s[0]), name, nil
	}
	number, rest, _ := strings.Cut(name, "/")
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(s) || !fs.ValidPath(rest) {
		return "", "", fs.ErrNotExist
	}
	return folderFS(s[i]), rest, nil
}

// Open opens a file.
func (s savedFolders) Open(name string) (fs.File, error) {
	folder, name, err := s.in(name)
	if err != nil {
		return nil, err
	}
	return folder.Open(name)
}

// Stat looks at a file.
func (s savedFolders) Stat(name string) (fs.FileInfo, error) {
	folder, name, err := s.in(name)
	if err != nil {
		return nil, err
	}
	return folder.Stat(name)
}

// beside returns the addresses of what is beside pages.
func (s savedFolders) beside() func(page, reference string) string {
	saved := newsroom.NewSaved(s)
	return func(page, reference string) string { return saved.Address(s.name(page), reference) }
}

// takeSaved has pages take along what is beside them; a mirrored tree knows more.
func (i *importing) takeSaved(args []string) {
	if i.desk.Mirror == nil {
		i.saved = savedIn(args)
		i.desk.Saved = newsroom.NewSaved(i.saved)
	}
}

// sheetsBeside returns what the style sheets say that stand beside pages.
func (f *importFlags) sheetsBeside(args []string, mirror *newsroom.Mirror) func(page, href string) *importer.LinkedSheet {
	if mirror != nil {
		sheets := newsroom.NewSheets(folderFS(f.folder), mirror)
		return func(page, href string) *importer.LinkedSheet { return sheets.Linked(f.nameIn(page), href) }
	}
	saved := savedIn(args)
	sheets := newsroom.NewSheets(saved, nil)
	return func(page, href string) *importer.LinkedSheet { return sheets.Linked(saved.name(page), href) }
}
