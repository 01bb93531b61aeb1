package newsroom

import (
	"io/fs"
	"net/url"
	"path"
	"strings"

	"communique/cmd/internal/importer"
	"communique/storage/attachment"
)

// Saved are pages with the pictures and files that were saved beside them. Nobody knows
// where these were, and they have addresses of [importer.BesideHost] until they are
// taken along.
type Saved struct{ files fs.FS }

// NewSaved are the files of a folder and below.
func NewSaved(files fs.FS) *Saved { return &Saved{files} }

// Address returns the address of the picture or file to which a reference on a page
// leads, if there is one. It never leads out of the folder.
func (s *Saved) Address(page, reference string) string {
	u, err := url.Parse(reference)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || strings.HasPrefix(u.Path, "/") {
		return ""
	}
	name := path.Join(path.Dir(page), u.Path)
	if !attachment.Known(name) && !isPicture(name) {
		return ""
	}
	// wget leaves the query in the name of the file.
	for _, name := range []string{name + "?" + u.RawQuery, name} {
		if info, err := fs.Stat(s.files, name); err == nil && info.Mode().IsRegular() {
			return (&url.URL{Scheme: "https", Host: importer.BesideHost, Path: "/" + name, Fragment: u.Fragment}).String()
		}
	}
	return ""
}

func (s *Saved) find(u *url.URL) (string, bool) {
	return strings.TrimPrefix(u.Path, "/"), u.Host == importer.BesideHost
}
