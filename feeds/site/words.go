package site

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"

	"communique/storage/press"
)

//go:embed messages/*.json
var messages embed.FS

// Words are the messages of one language and its date formats.
type Words struct {
	Lang press.Language `json:"-"`

	Skip            string `json:"skip"`
	Languages       string `json:"languages"`
	Breadcrumb      string `json:"breadcrumb"`
	Home            string `json:"home"`
	Corrections     string `json:"corrections"`
	Correction      string `json:"correction"` // with {date}
	Left            string `json:"left"`       // with {place}
	Untagged        string `json:"untagged"`   // with {tag} and {place}
	Colon           string `json:"colon"`
	OtherLanguages  string `json:"otherLanguages"`
	Tags            string `json:"tags"`
	Feeds           string `json:"feeds"`
	FeedsHelp       string `json:"feedsHelp"`
	FeedLists       string `json:"feedLists"`
	FeedOpened      string `json:"feedOpened"`
	Follow          string `json:"follow"`
	FollowHelp      string `json:"followHelp"`
	FollowFrom      string `json:"followFrom"`
	FollowGo        string `json:"followGo"`
	OwnServer       string `json:"ownServer"`
	Share           string `json:"share"`
	ShareMail       string `json:"shareMail"`
	ShareAddress    string `json:"shareAddress"`
	ShareFediverse  string `json:"shareFediverse"`
	ShareGo         string `json:"shareGo"`
	Sections        string `json:"sections"`
	Latest          string `json:"latest"`
	Nothing         string `json:"nothing"`
	Newer           string `json:"newer"`
	Older           string `json:"older"`
	Pages           string `json:"pages"`
	Contact         string `json:"contact"`
	Imprint         string `json:"imprint"`
	Withdrawn       string `json:"withdrawn"`
	WithdrawnTitle  string `json:"withdrawnTitle"`
	WithdrawnOn     string `json:"withdrawnOn"` // with {date}
	WithdrawnReason string `json:"withdrawnReason"`
	Perhaps         string `json:"perhaps"`
	Request         string `json:"request"`
	Reactions       string `json:"reactions"`
	Likes           string `json:"likes"`
	Shares          string `json:"shares"`
	Quotes          string `json:"quotes"`
	Replies         string `json:"replies"`
	RepliesAre      string `json:"repliesAre"`
	Pictures        string `json:"pictures"`
	Files           string `json:"files"`
	Kilobytes       string `json:"kilobytes"`
	Megabytes       string `json:"megabytes"`
	Decimal         string `json:"decimal"`
	Archive         string `json:"archive"`
	Statements      string `json:"statements"` // of a year or a month, with {count}

	// Kinds are the names of the usual kinds of articles.
	Kinds          map[press.ArticleKind]string `json:"kinds"`
	AllKinds       string                       `json:"allKinds"`
	KindTitle      string                       `json:"kindTitle"`
	Place          string                       `json:"place"`
	NotesToEditors string                       `json:"notesToEditors"`
	Contacts       string                       `json:"contacts"`
	ContactRole    string                       `json:"contactRole"` // between somebody's name and role

	// Of the pages that show how an article was changed.
	Versions         string `json:"versions"`
	VersionsTitle    string `json:"versionsTitle"`
	VersionNumber    string `json:"versionNumber"` // with {number}
	FirstPublication string `json:"firstPublication"`
	MinorCorrection  string `json:"minorCorrection"`
	CurrentVersion   string `json:"currentVersion"`
	EarlierVersion   string `json:"earlierVersion"` // with {date}
	ReadCurrent      string `json:"readCurrent"`
	CompareWith      string `json:"compareWith"`   // with {number}
	ComparedTitle    string `json:"comparedTitle"` // with {from} and {to}
	ComparedHelp     string `json:"comparedHelp"`
	Added            string `json:"added"`
	Removed          string `json:"removed"`
	Unchanged        string `json:"unchanged"`
	OtherChanges     string `json:"otherChanges"`
	LinkMoved        string `json:"linkMoved"`        // with {text}, {from} and {to}
	LinkAdded        string `json:"linkAdded"`        // with {text} and {to}
	LinkRemoved      string `json:"linkRemoved"`      // with {text} and {from}
	PictureReplaced  string `json:"pictureReplaced"`  // with {text}, {from} and {to}
	FocusChanged     string `json:"focusChanged"`     // with {text}
	LetteringChanged string `json:"letteringChanged"` // with {text}, {from} and {to}, as are the next ones
	LanguageChanged  string `json:"languageChanged"`
	DirectionChanged string `json:"directionChanged"`
	SourceChanged    string `json:"sourceChanged"`
	ScopeChanged     string `json:"scopeChanged"`
	SizeChanged      string `json:"sizeChanged"`
	BlankChanged     string `json:"blankChanged"`
	SideChanged      string `json:"sideChanged"` // of a cell
	FormChanged      string `json:"formChanged"`
	HeadMade         string `json:"headMade"`         // with {text}
	HeadUnmade       string `json:"headUnmade"`       // with {text}
	TitleChanged     string `json:"titleChanged"`     // with {text}, {from} and {to}
	LinkTitled       string `json:"linkTitled"`       // with {text}, {from} and {to}
	HeadingMoved     string `json:"headingMoved"`     // with {text}, {from} and {to}
	HeadingMade      string `json:"headingMade"`      // with {text}
	HeadingUnmade    string `json:"headingUnmade"`    // with {text}
	AlignedLeft      string `json:"alignedLeft"`      // with {text}, the head of a column
	AlignedCenter    string `json:"alignedCenter"`    // likewise
	AlignedRight     string `json:"alignedRight"`     // likewise
	AlignedAsText    string `json:"alignedAsText"`    // likewise
	DateChanged      string `json:"dateChanged"`      // with {text}, {from} and {to}
	CellsChanged     string `json:"cellsChanged"`     // with {text}
	StructureChanged string `json:"structureChanged"` // if nothing else tells what
	Picture          string `json:"picture"`

	// What these sentences say, by its names in HTML.
	Comma      string `json:"comma"` // between two of them
	Letterings named  `json:"letterings"`
	Forms      named  `json:"forms"`
	Directions named  `json:"directions"`
	Scopes     named  `json:"scopes"`
	Sides      named  `json:"sides"`
	Blanks     blanks `json:"blanks"`

	Search             SearchWords `json:"search"`
	FeedEnded          string      `json:"feedEnded"`
	SectionClosedTitle string      `json:"sectionClosedTitle"`
	SectionClosed      string      `json:"sectionClosed"` // with {date}
	SectionInstead     string      `json:"sectionInstead"`

	// Of feeds, where they are read by others.
	WithdrawnBecause string `json:"withdrawnBecause"` // with {date} and {reason}
	FeedPage         string `json:"feedPage"`         // a link from a feed, in a browser
	FeedsTitle       string `json:"feedsTitle"`       // beside a page

	// What is wrong with what readers entered, with {text}.
	InputWrong  string `json:"inputWrong"` // the title
	InputEmpty  string `json:"inputEmpty"`
	InputOurs   string `json:"inputOurs"`
	InputServer string `json:"inputServer"`
	InputUser   string `json:"inputUser"`

	// Problems are by status code; "other" is for all other codes.
	Problems map[string]struct {
		Title string `json:"title"`
		Text  string `json:"text"`
	} `json:"problems"`

	Months      [12]string `json:"months"`      // beside a day
	MonthsAlone [12]string `json:"monthsAlone"` // without one
	FirstDay    string     `json:"firstDay"`    // the first of a month, such as "1er"
	Date        string     `json:"date"`        // with {day}, {month} and {year}
	MonthYear   string     `json:"monthYear"`   // with {month} and {year}
	DateTime    string     `json:"dateTime"`    // with {date} and {time}
	Time        string     `json:"time"`        // with {hour} and {minute}
}

// SearchWords are the messages of the search. Numbers follow a colon, so that no
// language needs plural forms.
type SearchWords struct {
	Title        string `json:"title"`
	Field        string `json:"field"`
	Go           string `json:"go"`
	Hint         string `json:"hint"`
	Section      string `json:"section"`
	AllSections  string `json:"allSections"`
	Language     string `json:"language"`
	AllLanguages string `json:"allLanguages"`
	From         string `json:"from"`
	Until        string `json:"until"`
	Found        string `json:"found"`    // with {count}
	MoreThan     string `json:"moreThan"` // with {count}
	None         string `json:"none"`
	NoneHelp     string `json:"noneHelp"`
	Everywhere   string `json:"everywhere"`
	Cut          string `json:"cut"` // with {count}
	Partial      string `json:"partial"`
	More         string `json:"more"`
	First        string `json:"first"`
}

// fallback is the language of the messages for languages without a file.
const fallback press.Language = "en"

func loadWords() (map[press.Language]*Words, error) {
	files, err := messages.ReadDir("messages")
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	all := make(map[press.Language]*Words, len(files))
	for _, f := range files {
		text, err := messages.ReadFile(path.Join("messages", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read messages: %w", err)
		}
		w := &Words{Lang: press.Language(strings.TrimSuffix(f.Name(), ".json"))}
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(w); err != nil {
			return nil, fmt.Errorf("read messages/%s: %w", f.Name(), err)
		}
		all[w.Lang] = w
	}
	return all, nil
}

// Words returns the messages for a language: its own, those of its base language
// ("pt" for "pt-BR"), or the English ones.
func (s *Site) Words(lang press.Language) *Words {
	base, _, _ := strings.Cut(string(lang), "-")
	for _, l := range []press.Language{lang, press.Language(base)} {
		if w := s.words[l]; w != nil {
			return w
		}
	}
	return s.words[fallback]
}

func (w *Words) problem(status int) (title, text string) {
	p, ok := w.Problems[strconv.Itoa(status)]
	if !ok {
		p = w.Problems["other"]
	}
	return p.Title, p.Text
}
