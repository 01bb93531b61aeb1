package feeds_test

import (
	"fmt"
	"os"
	"time"

	"communique/feeds"
)

func ExampleWriteAtom() {
	published := time.Date(2026, 9, 1, 8, 30, 0, 0, time.UTC)
	err := feeds.WriteAtom(os.Stdout, feeds.Feed{
		ID: "tag:mfa.example,2026:feed/en/0", Title: "Ministry of Foreign Affairs", Language: "en",
		Home: "https://mfa.example/en/", Self: "https://mfa.example/en/feed.atom", Hub: "https://mfa.example/websub",
		Author:  feeds.Author{Name: "Ministry of Foreign Affairs", URI: "https://mfa.example/en/"},
		Updated: published,
		Items: []feeds.Item{{
			ID: "tag:mfa.example,2026:article/abcdefghijklmnop", Link: "https://mfa.example/en/articles/abcdefghijklmnop/treaty-signed",
			Title: "Treaty signed", Content: "<p>The treaty was signed today.</p>", Published: published, Updated: published,
		}},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
	//   <title>Ministry of Foreign Affairs</title>
	//   <id>tag:mfa.example,2026:feed/en/0</id>
	//   <updated>2026-09-01T08:30:00Z</updated>
	//   <author>
	//     <name>Ministry of Foreign Affairs</name>
	//     <uri>https://mfa.example/en/</uri>
	//   </author>
	//   <link href="https://mfa.example/en/feed.atom" rel="self" type="application/atom+xml"></link>
	//   <link href="https://mfa.example/en/" rel="alternate" type="text/html" hreflang="en"></link>
	//   <link href="https://mfa.example/websub" rel="hub"></link>
	//   <entry>
	//     <title>Treaty signed</title>
	//     <updated>2026-09-01T08:30:00Z</updated>
	//     <id>tag:mfa.example,2026:article/abcdefghijklmnop</id>
	//     <content type="html">&lt;p&gt;The treaty was signed today.&lt;/p&gt;</content>
	//     <published>2026-09-01T08:30:00Z</published>
	//     <link href="https://mfa.example/en/articles/abcdefghijklmnop/treaty-signed" rel="alternate" type="text/html"></link>
	//     <author>
	//       <name>Ministry of Foreign Affairs</name>
	//       <uri>https://mfa.example/en/</uri>
	//     </author>
	//   </entry>
	// </feed>
}
