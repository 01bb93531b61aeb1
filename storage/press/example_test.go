package press_test

import (
	"fmt"

	"communique/storage/press"
)

func ExampleSlug() {
	fmt.Println(press.Slug("The Minister’s visit to São Tomé & Príncipe, 1–3 May"))
	fmt.Println(press.Slug("Đối thoại an ninh Việt Nam"))
	fmt.Printf("%q\n", press.Slug("外交部发言人谈话")) // no Latin letters: the address does without
	// Output:
	// the-ministers-visit-to-sao-tome-principe-1-3-may
	// doi-thoai-an-ninh-viet-nam
	// ""
}
