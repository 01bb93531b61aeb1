package command

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// pageEndings are how the names of files end that import reads in a folder.
var pageEndings = []string{".html", ".htm", ".xhtml", ".txt"}

// pageFiles lists the files that are named, and those of the folders that are,
// in the order of their names.
func pageFiles(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("%s: it cannot be read: %w", path, unwrapPath(err))
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		inside, err := pagesBelow(path)
		if err != nil {
			return nil, err
		}
		files = append(files, inside...)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no page was found; the names of pages end in %s", strings.Join(paths, ", "), strings.Join(pageEndings, ", "))
	}
	return files, nil
}

// isPage reports whether a file is a page by its name, behind which mirrors write the
// query of its address.
func isPage(name string) bool {
	plain, _, _ := strings.Cut(filepath.Base(name), "?")
	return slices.Contains(pageEndings, strings.ToLower(filepath.Ext(name))) || slices.Contains(pageEndings, strings.ToLower(filepath.Ext(plain)))
}

func pagesBelow(folder string) ([]string, error) {
	var files []string
	// A folder that is named by a symbolic link is walked like another; WalkDir
	// alone would take the link for a file.
	root := folder
	if !strings.HasSuffix(root, string(filepath.Separator)) {
		root += string(filepath.Separator)
	}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("%s: it cannot be read: %w", path, unwrapPath(err))
		}
		if entry.Type().IsRegular() && isPage(path) {
			files = append(files, path)
		}
		return nil
	})
	return files, err
}
