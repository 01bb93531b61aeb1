package importer

import "fmt"

// Problem is why a file cannot be read: one line for people that names the place and
// says what to do.
type Problem struct {
	File  string // as given
	Line  int    // from 1; 0 if the problem is not in a line
	Field string // of the front matter; empty if the problem is not in a field
	Text  string // what is wrong and what to do
}

func (p *Problem) Error() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	if p.Field != "" {
		return where + ": " + p.Field + ": " + p.Text
	}
	return where + ": " + p.Text
}

// maxFile bounds what is read of one file, in bytes.
const maxFile = 4 << 20

func overLong(name string) *Problem {
	return &Problem{File: name, Text: fmt.Sprintf("the file is larger than %d MiB: no article is; split it or leave it out", maxFile>>20)}
}

func empty(name string) *Problem {
	return &Problem{File: name, Text: "the file is empty: leave it out or fetch it again"}
}
