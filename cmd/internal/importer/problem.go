package importer

import "fmt"

// Problem is why a page cannot be read: one line for people that says what to do.
type Problem struct {
	File string // as given
	Text string // what is wrong and what to do
}

func (p *Problem) Error() string { return p.File + ": " + p.Text }

// MaxPage bounds a page, in bytes.
const MaxPage = 4 << 20

func overLong(name string) *Problem {
	return &Problem{File: name, Text: fmt.Sprintf("the file is larger than %d MiB: no article is; split it or leave it out", MaxPage>>20)}
}

func empty(name string) *Problem {
	return &Problem{File: name, Text: "the file is empty: leave it out or fetch it again"}
}

// maxElements bounds the elements of a page. Reading takes some 30 µs for each, and no
// page of a site has a tenth of it; one that is made to cost time has.
const maxElements = 60_000

var errElements = fmt.Errorf("the page has more than %d elements: no article has; split it or leave it out", maxElements)
