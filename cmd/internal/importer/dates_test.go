package importer

import (
	"fmt"
	"strings"
	"testing"

	"communique/storage/press"
)

func (r reading) String() string {
	s := fmt.Sprintf("%04d-%02d-%02d", r.year, r.month, r.day)
	switch r.precision {
	case press.ToTheMinute:
		s += fmt.Sprintf(" %02d:%02d", r.hour, r.minute)
	case press.ToTheSecond:
		s += fmt.Sprintf(" %02d:%02d:%02d", r.hour, r.minute, r.second)
	}
	if r.offset != nil {
		s += fmt.Sprintf(" %+d", *r.offset/3600)
	}
	if r.swapped {
		s += "?"
	}
	if r.doubtful {
		s += " of which calendar"
	}
	return s
}

func TestFindDates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		language press.Language
		text     string
		want     string
	}{
		{"en", "2023-10-17 21:25", "2023-10-17 21:25"},
		{"en", "2023/10/17", "2023-10-17"},
		{"en", "2023-10-17T21:25:09.123Z", "2023-10-17 21:25:09 +0"},
		{"en", "2023-10-17T21:25:09+08:00", "2023-10-17 21:25:09 +8"},
		{"en", "October 17, 2023", "2023-10-17"},
		{"en", "Published onOctober 7, 2023By the Press Office", "2023-10-07"},
		{"en", "Tuesday, 17th of October 2023, 9:25 p.m. GMT", "2023-10-17 21:25 +0"},
		{"en", "Oct. 17, 2023 12:05 AM", "2023-10-17 00:05"},
		{"en", "21:25, 17 October 2023", "2023-10-17 21:25"},
		{"en", "17 Sept 2023 at 14:00 (UTC+2)", "2023-09-17 14:00 +2"},
		{"en", "08/07/2019", "2019-07-08?"},
		{"en", "08/08/2019", "2019-08-08"},
		{"en", "08/17/2019", "2019-08-17"},
		{"de", "17. Oktober 2023", "2023-10-17"},
		{"de", "10.11.2021, 12.30 Uhr", "2021-11-10 12:30"},
		{"de", "Wien, am 3. Jänner 2022 um 14:05 Uhr", "2022-01-03 14:05"},
		{"fr", "le 1er août 2023 à 14h30", "2023-08-01 14:30"},
		{"es", "Madrid, 5 de octubre de 2023", "2023-10-05"},
		{"pt", "17 de março de 2023 às 18h05", "2023-03-17 18:05"},
		{"it", "giovedì 5 ottobre 2023 ore 12.30", "2023-10-05 12:30"},
		{"pl", "17 listopada 2023", "2023-11-17"},
		{"hr", "17. listopada 2023.", "2023-10-17"},
		{"", "17 listopada 2023", ""},
		{"ru", "17 октября 2023 г. 21:25 (MSK)", "2023-10-17 21:25 +3"},
		{"ru", "17 октября 2023 года, 21:25", "2023-10-17 21:25"},
		{"uk", "17 жовтня 2023 року", "2023-10-17"},
		{"tr", "17 Ağustos 2023 Perşembe", "2023-08-17"},
		{"el", "17 Οκτωβρίου 2023", "2023-10-17"},
		{"hu", "2023. október 17.", "2023-10-17"},
		{"lv", "2023. gada 17. oktobrī", "2023-10-17"},
		{"lt", "2023 m. spalio 17 d.", "2023-10-17"},
		{"fi", "17. lokakuuta 2023 klo 9.05", "2023-10-17 09:05"},
		{"vi", "ngày 17 tháng 10 năm 2023", "2023-10-17"},
		{"ar", "الجمعة 8 فيفري 2019", "2019-02-08"},
		{"ar", "الثلاثاء ١٧ تشرين الأول ٢٠٢٣", "2023-10-17"},
		{"ar", "4 يوليو عام 2013", "2013-07-04"},
		{"ar", "17 أكتوبر/تشرين الأول 2023", "2023-10-17"},
		{"fa", "۲۵ مهر ۱۴۰۲", "2023-10-17"},
		{"fa", "۱۴۰۲/۰۷/۲۵ - ۱۴:۳۰", "2023-10-17 14:30"},
		{"fa", "۱۷ اکتبر ۲۰۲۳", "2023-10-17"},
		{"he", "17 באוקטובר 2023", "2023-10-17"},
		{"zh", "2019年06月15日08:18 来源：", "2019-06-15 08:18"},
		{"zh", "二〇二三年十月十七日", "2023-10-17"},
		{"zh", "2023年10月17日 下午9:25", "2023-10-17 21:25"},
		{"zh", "民國112年10月17日", "2023-10-17"},
		{"ja", "令和5年10月17日", "2023-10-17"},
		{"ja", "令和元年５月１日", "2019-05-01"},
		{"ko", "2023년 10월 17일 21:25", "2023-10-17 21:25"},
		{"th", "17 ตุลาคม 2566", "2023-10-17"},
		{"hi", "१७ अक्टूबर २०२३", "2023-10-17"},
		{"th", "17/10/2566", "2023-10-17"},
		{"fa", "1402/7/25", "2023-10-17"},
		{"th", "17 ต.ค. 2566", "2023-10-17"},
		{"th", "17 มี.ค. 2566", "2023-03-17"},
		{"th", "17 ม.ค. 2566", "2023-01-17"},
		{"th", "17 ต.ค. 66 เวลา 14.30 น.", "2023-10-17 14:30"},
		{"th", "วันอังคารที่ ๑๗ ตุลาคม พ.ศ. ๒๕๖๖", "2023-10-17"},
		{"en", "17 ตุลาคม 2566", "2023-10-17"},
		{"en", "17 ตุลาคม 2023", "2023-10-17"},
		{"en", "17 ต.ค. 66", "2023-10-17"},
		{"en", "17 ต.ค. 23", ""}, // of our era, or one before there were sites
		{"en", "17/10/2566", "2023-10-17"},
		{"en", "17/10/2466", ""},
		{"ku", "17ê Cotmeha 2023an", "2023-10-17"},
		{"ku", "17'ê Cotmehê 2023", "2023-10-17"},
		{"ckb", "17ی تشرینی یەکەمی 2023", "2023-10-17"},
		{"ckb", "١٧ی کانوونی دووەمی ٢٠٢٣", "2023-01-17"},
		{"eu", "2023ko urriaren 17a", "2023-10-17"},
		{"eu", "asteartea, 2023ko urriak 17", "2023-10-17"},
		{"gl", "17 de xaneiro de 2023", "2023-01-17"},
		{"cy", "Dydd Mawrth, 17 Hydref 2023", "2023-10-17"},
		{"mt", "17 ta' Ottubru 2023", "2023-10-17"},
		{"et", "17. oktoobril 2023", "2023-10-17"},
		{"ky", "2023-жылдын 17-октябры", "2023-10-17"},
		{"uz", "2023-yil 17-oktabr", "2023-10-17"},
		{"mn", "2023 оны 10 дугаар сарын 17", "2023-10-17"},
		{"mn", "2023 оны 10-р сарын 17", "2023-10-17"},
		{"hy", "2023 թ. հոկտեմբերի 17", "2023-10-17"},
		{"tl", "Ika-17 ng Oktubre, 2023", "2023-10-17"},
		{"km", "ថ្ងៃទី១៧ ខែតុលា ឆ្នាំ២០២៣", "2023-10-17"},
		{"lo", "ວັນທີ 17 ຕຸລາ 2023", "2023-10-17"},
		{"my", "၂၀၂၃ ခုနှစ် အောက်တိုဘာလ ၁၇ ရက်", "2023-10-17"},
		{"si", "2023 අප්\u200dරේල් 17", "2023-04-17"},
		{"ta", "அக்டோபர் 17, 2023", "2023-10-17"},
		{"ko", "2023년 10월 17일 오후 2:30", "2023-10-17 14:30"},
		{"ko", "2023.10.17 PM 2:30", "2023-10-17 14:30"},
		{"ja", "2023年10月17日 9時30分 JST", "2023-10-17 09:30 +9"},
		{"hu", "2023. október 17., 14:05", "2023-10-17 14:05"},
		{"sr", "17.10.2023. 14:05", "2023-10-17 14:05"},
		{"de", "05.03.24", "2024-03-05"},
		{"de", "Datum: 05.03.24, 10.15 Uhr", "2024-03-05 10:15"},
		{"de", "Dienstag, 05.03.24", "2024-03-05"},
		{"ru", "05.03.24 10:15", "2024-03-05 10:15"},
		{"cs", "05.03.98", "1998-03-05"},
		{"fr", "05.03.24", "2024-03-05"},
		{"fr", "05/03/24", ""}, // its order is not known here
		{"th", "05/03/67", ""},
		{"th", "05.03.67", "2024-03-05"},
		{"de", "05.03.70", ""},
		{"de", "Version 05.03.24", ""},
		{"de", "Nr. 05.03.24", ""},
		{"de", "Es gilt die Fassung 05.03.24", ""},
		{"de", "Tel. 05.03.24.18.30", ""},
		{"de", "Art. 05.03.24 der Satzung", ""},
		{"ko", "24.03.05", ""},
		{"hu", "24.03.05.", ""},
		{"am", "2016-02-07", "2016-02-07 of which calendar"},
		{"am", "30/02/2016", "2016-02-30 of which calendar"},
		{"ti", "7/2/2016", "2016-02-07? of which calendar"},
		{"ne", "२०८०/०७/०१", "2080-07-01 of which calendar"},
		{"ne", "2080-03-32", "2080-03-32 of which calendar"},
		{"ne", "१७ अक्टूबर २०२३", "2023-10-17"},
		{"am", "October 17, 2023", "2023-10-17"},
		{"ar", "1445/04/02", "1445-04-02 of which calendar"},
		{"ar", "٠٢/٠٤/١٤٤٥ هـ", "1445-04-02 of which calendar"},
		{"fa", "۱۴۴۵/۰۴/۰۲", "1445-04-02 of which calendar"},
		{"fa", "۱۴۰۲/۰۴/۰۲ قمری", "1402-04-02 of which calendar"},
		{"en", "02/04/1445 H", "1445-04-02 of which calendar"},
		{"en", "02/04/1445 AH", "1445-04-02 of which calendar"},
		{"en", "02/04/1445", ""},
		{"en", "t20231027_11169684.html", "2023-10-27"},
		{"en", "Copyright 1998-2014, Ministry", ""},
		{"en", "© 2023", ""},
		{"en", "31 February 2023", ""},
		{"en", "Tel: 86-10-65961114", ""},
		{"en", "October 2023", ""},
		{"en", "Version 12.10.2.2023", ""},
	} {
		got := ""
		if found := findDates(tt.text, tt.language, unknownOrder); len(found) > 0 {
			got = found[0].String()
		}
		if got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.language, tt.text, got, tt.want)
		}
	}
}

// TestShortDates: figures that may be read in two ways are read where the order is known.
func TestShortDates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		language press.Language
		order    order
		text     string
		want     string
	}{
		{"fr", dayFirst, "05/03/24", "2024-03-05"},
		{"en", monthFirst, "05/03/24", "2024-05-03"},
		{"en", monthFirst, "25/03/24", ""},
		{"nl", dayFirst, "05-03-24", "2024-03-05"},
		{"th", dayFirst, "05/03/67", "2024-03-05"},
		{"am", dayFirst, "05/03/16", ""},
		{"fa", dayFirst, "02/07/25", ""},
	} {
		got := ""
		if found := findDates(tt.text, tt.language, tt.order); len(found) > 0 {
			got = found[0].String()
		}
		if got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.language, tt.text, got, tt.want)
		}
	}
}

// TestMonthNames: each language has twelve months, and no two are written alike once their
// accents are gone.
func TestMonthNames(t *testing.T) {
	t.Parallel()
	for language, list := range monthNames {
		months := strings.Split(list, "|")
		if len(months) != 12 {
			t.Errorf("%s has %d months", language, len(months))
		}
		for i, names := range months {
			for name := range strings.SplitSeq(names, ",") {
				if got := Month(name, language); got != i+1 {
					t.Errorf("%s: %s is month %d, want %d", language, name, got, i+1)
				}
			}
		}
	}
}
