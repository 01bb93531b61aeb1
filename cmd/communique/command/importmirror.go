package command

import (
	"net/url"
	"os"
	"path/filepath"

	"communique/cmd/internal/newsroom"
)

// mirrorOf is the tree that pages are imported from, nil without --mirror.
func (f *importFlags) mirrorOf(args []string) (*newsroom.Mirror, error) {
	if f.mirror == "" {
		return nil, nil
	}
	root, err := url.Parse(f.mirror)
	if err != nil || root.Host == "" || root.Scheme != "https" && root.Scheme != "http" {
		return nil, usagef("--mirror: %q is not the address of a site: write it like https://www.mfa.example/", f.mirror)
	}
	info, err := os.Stat(args[0])
	if len(args) != 1 || err != nil || !info.IsDir() {
		return nil, usagef("--mirror: name one folder, the one that was made of %s", f.mirror)
	}
	if f.source != "" {
		return nil, usagef("--mirror and --source-url both say where the pages are from: give one of them")
	}
	f.folder = args[0]
	return newsroom.NewMirror(root, folderFS(f.folder)), nil
}

// nameIn is the name of a file in the mirrored tree.
func (f *importFlags) nameIn(file string) string {
	name, err := filepath.Rel(f.folder, file)
	if err != nil {
		return file
	}
	return filepath.ToSlash(name)
}
