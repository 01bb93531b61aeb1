package desk

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"communique/cmd/internal/newsroom"
)

// What a form by which people write may send.
const (
	maxText       = newsroom.MaxDocument + 1<<20 // of all fields
	maxFiles      = 40 << 20                     // of all fields and files
	maxSent       = 80 << 20                     // that is read, so that who sends too much is told
	maxFields     = 1000
	maxFirst      = 4 << 10 // of the field that says whose a form is, of somebody who has not signed in
	uploadsAtOnce = 3       // whose files are in memory
)

// errUpload is that somebody has sent more than a form takes.
var errUpload = errors.New("more than the form takes")

// sentFile is a file that was sent with a form.
type sentFile struct {
	Field string
	newsroom.Enclosure
}

// upload is a form with files, which is kept in memory: what is not public yet is not to lie
// in a folder for temporary files.
type upload struct {
	url.Values
	Files []sentFile
}

// readUpload reads a form that may have files. done is to be called when they were used.
func (d *Desk) readUpload(r *http.Request) (u upload, done func(), err error) {
	select {
	case d.uploads <- struct{}{}:
	case <-r.Context().Done():
		return u, nil, fmt.Errorf("wait to read a form: %w", r.Context().Err())
	}
	done = func() { <-d.uploads }
	if u, err = parts(r, nil); err != nil {
		done()
		return u, nil, err
	}
	return u, done, nil
}

// parts reads a form. If first is not nil it is asked about the first field, and an error of
// it ends the reading.
func parts(r *http.Request, first func(name, value string) error) (u upload, err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		r.Body = http.MaxBytesReader(nil, r.Body, maxText)
		if err := readForm(r); err != nil {
			_, _ = io.Copy(io.Discard, r.Body) // so that they are told, and not cut off
			return u, notRead(err)
		}
		if first != nil {
			err = first("writer", r.PostForm.Get("writer"))
		}
		return upload{Values: r.PostForm}, err
	}
	form, err := r.MultipartReader()
	if err != nil {
		return u, errForm
	}
	u.Values = url.Values{}
	text, all := int64(maxText), int64(maxFiles)
	for n := 0; ; n++ {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err != nil {
			return u, notRead(err)
		}
		left := all
		if part.FileName() == "" {
			left = min(text, all)
		}
		if n == 0 && first != nil {
			left = min(left, maxFirst)
		}
		content, err := io.ReadAll(io.LimitReader(part, left+1))
		switch {
		case err != nil:
			return u, notRead(err)
		case int64(len(content)) > left || n > maxFields:
			for err == nil { // so that they are told, and not cut off
				_, err = form.NextPart()
			}
			return u, errUpload
		}
		all -= int64(len(content))
		if part.FileName() == "" {
			text -= int64(len(content))
		}
		u.take(part, content)
		if n == 0 && first != nil {
			if err := first(part.FormName(), u.Get(part.FormName())); err != nil {
				return u, err
			}
		}
	}
}

// take takes a part of a form.
func (u *upload) take(part *multipart.Part, content []byte) {
	if part.FileName() == "" {
		u.Add(part.FormName(), string(content))
	} else if len(content) > 0 {
		u.Files = append(u.Files, sentFile{part.FormName(), newsroom.Enclosure{Name: u.unlike(newsroom.FileName(part.FileName())), Content: content}})
	}
}

// unlike is a name that no other file of the form has: phones call all pictures the same.
func (u *upload) unlike(name string) string {
	ext := path.Ext(name)
	for n, stem := 2, strings.TrimSuffix(name, ext); slices.ContainsFunc(u.Files, func(f sentFile) bool { return f.Name == name }); n++ {
		name = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
	return name
}

// notRead is why a form cannot be read.
func notRead(err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errors.Join(errUpload, tooLarge)
	}
	return errForm
}

// mebibytes is a size for people.
func mebibytes(n int) string { return fmt.Sprintf("%d MiB", n>>20) }
