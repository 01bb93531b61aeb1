package delivery_test

import (
	"fmt"

	"communique/storage/delivery"
	"communique/storage/press"
)

// A server was away while a statement was corrected and withdrawn, a second one
// published and corrected, and a third one published and withdrawn. It had answered
// for the first statement; a request with the second one was under way when it went
// away, so that this one may have arrived.
func ExamplePlan() {
	const cursor, attempted = 1, 2
	backlog := []press.Entry{ // the statement that is entry 1 has arrived
		{Seq: 2, Kind: press.KindPublished, Article: "second", Pushed: 2},
		{Seq: 3, Kind: press.KindCorrected, Article: "first", Pushed: 1},
		{Seq: 4, Kind: press.KindPublished, Article: "third", Pushed: 4},
		{Seq: 5, Kind: press.KindCorrected, Article: "second", Pushed: 2},
		{Seq: 6, Kind: press.KindWithdrawn, Article: "third", Pushed: 4},
		{Seq: 7, Kind: press.KindWithdrawn, Article: "first", Pushed: 1},
	}
	for _, step := range delivery.Plan(cursor, attempted, backlog) {
		fmt.Printf("%s of the %s statement, as of entry %d; then the cursor stands at %d\n",
			step.Verb, step.Entry.Article, step.Entry.Seq, step.Settles)
	}
	// Output:
	// create of the second statement, as of entry 5; then the cursor stands at 1
	// update of the second statement, as of entry 5; then the cursor stands at 2
	// delete of the first statement, as of entry 7; then the cursor stands at 7
}
