package moderation_test

import (
	"fmt"
	"strings"

	"communique/federation/moderation"
)

// A list as Mastodon exports it: what asks for less than a block, and what cannot
// be read, is told line by line, and the rest counts all the same.
func ExampleReadBlocklist() {
	list, err := moderation.ReadBlocklist(strings.NewReader(`#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
bad.example,suspend,TRUE,TRUE,"Spam, and more",FALSE
loud.example,silence,FALSE,FALSE,,FALSE
not a domain,suspend,FALSE,FALSE,,FALSE
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range list.Blocks {
		fmt.Printf("block the %s %s: %s\n", b.Kind, b.Subject, b.Comment)
	}
	for _, l := range list.Weaker {
		fmt.Println("left out:", l)
	}
	for _, l := range list.Bad {
		fmt.Println("cannot be read:", l)
	}
	// Output:
	// block the domain bad.example: Spam, and more
	// left out: 3: loud.example: severity silence is less than a block
	// cannot be read: 4: "not a domain" is neither a domain, as bad.example, nor an actor's id, as https://social.example/users/mallory
}
