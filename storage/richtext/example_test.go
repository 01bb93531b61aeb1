package richtext_test

import (
	"fmt"
	"net/url"

	"communique/storage/richtext"
)

// What an editor pasted becomes tidy text. Media leave a link
// and a note; scripts and styling go silently.
func ExampleClean() {
	base, err := url.Parse("https://mfa.example/news/2026/")
	if err != nil {
		fmt.Println(err)
		return
	}
	body, problems := richtext.Clean(`<h1 style="color:red">Joint statement</h1>
The ministers <b onclick="steal()">met</b> in <a href="../port-almira">Port Almira</a>.<br><br>
<script>track()</script><iframe src="https://video.example/7"></iframe>They will meet again.`, base)
	fmt.Println(body)
	fmt.Println(problems)
	// Output:
	// <h2>Joint statement</h2>
	// <p>The ministers <b>met</b> in <a href="https://mfa.example/news/port-almira">Port Almira</a>.</p>
	// <p><a href="https://video.example/7">https://video.example/7</a> They will meet again.</p>
	// [a frame was replaced by a link: https://video.example/7]
}
