package importer

import (
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// spoken are texts as ministries write them, a short one and a longer one.
var spoken = []struct {
	language    press.Language
	short, long string
}{
	{"ca", "La ministra s'ha reunit avui amb els ports de la costa.", "La ministra d'Afers Exteriors de Valora ha rebut aquest matí l'ambaixador de Ruvènia, que li ha presentat les cartes credencials. Durant la trobada han parlat dels treballs al port vell i de com es podrà obrir més aviat la línia de vaixells entre les dues ciutats, que no funciona des de fa nou anys."},
	{"sl", "Ministrica je danes sprejela veleposlanika in se z njim pogovarjala o pristanišču.", "Ministrica za zunanje zadeve Valore je dopoldne sprejela novega veleposlanika Ruvenije, ki ji je predal poverilno pismo. Na srečanju sta govorila o delih v starem pristanišču in o tem, kako bi lahko prej odprli ladijsko progo med obema mestoma, ki že devet let ne obratuje."},
	{"mk", "Министерката денес го прими амбасадорот и разговараше со него за пристаништето.", "Министерката за надворешни работи на Валора утринава го прими новиот амбасадор на Рувенија, кој ѝ ги предаде акредитивните писма. На средбата зборуваа за работите во старото пристаниште и за тоа како порано да се отвори бродската линија меѓу двата града, која не работи веќе девет години."},
	{"ku", "Wezîra derve îro balyozê nû pêşwazî kir û bi wî re axivî.", "Wezîra derve ya Valorayê îro sibehê balyozê nû yê Ruvenyayê pêşwazî kir û nameya wî wergirt. Di civînê de ew li ser karên di bendera kevn de û li ser vekirina rêya keştiyan a di navbera her du bajaran de axivîn, ku ji neh salan ve ye naxebite."},
	{"da", "Ministeren modtog i dag den nye ambassadør og talte med ham om havnen.", "Udenrigsministeren modtog i formiddags Ruvenias nye ambassadør, som overrakte hende sine akkreditiver. På mødet talte de om arbejdet i den gamle havn og om, hvordan sejlruten mellem de to byer kan åbne tidligere, efter at den ikke har været i drift i ni år. Hun sagde, at kun få skibe blev afvist."},
	{"sk", "Ministerka dnes prijala nového veľvyslanca a hovorila s ním o prístave.", "Ministerka zahraničných vecí Valory prijala predpoludním nového veľvyslanca Ruvénie, ktorý jej odovzdal poverovacie listiny. Na stretnutí hovorili o prácach v starom prístave a o tom, ako by sa dala skôr otvoriť lodná linka medzi oboma mestami, ktorá už deväť rokov nepremáva."},
	{"be", "Міністарка сёння прыняла новага пасла і гаварыла з ім пра порт.", "Міністарка замежных спраў Валоры раніцай прыняла новага пасла Рувеніі, які ўручыў ёй даверчыя граматы. На сустрэчы яны гаварылі пра работы ў старым порце і пра тое, як хутчэй адкрыць карабельную лінію паміж двума гарадамі, якая не працуе ўжо дзевяць гадоў."},
	{"nb", "Ministeren tok i dag imot den nye ambassadøren og snakket med ham om havnen.", "Utenriksministeren tok i formiddag imot Ruvenias nye ambassadør, som overrakte henne sine akkreditiver. På møtet snakket de om arbeidet i den gamle havnen og om hvordan skipsruten mellom de to byene kan åpne tidligere, etter at den ikke har vært i drift på ni år. Hun sa at bare noen få skip ble avvist."},
	{"nn", "Ministeren tok i dag imot den nye ambassadøren og snakka med han om hamna.", "Utanriksministeren tok i føremiddag imot den nye ambassadøren frå Ruvenia, som gav henne akkreditiva sine. På møtet snakka dei om arbeidet i den gamle hamna og om korleis skipsruta mellom dei to byane kan opne tidlegare, etter at ho ikkje har vore i drift på ni år. Ho sa at berre nokre få skip vart avviste."},
	{"sv", "Ministern tog i dag emot den nya ambassadören och talade med honom om hamnen.", "Utrikesministern tog på förmiddagen emot Ruvenias nya ambassadör, som överlämnade sina kreditiv till henne. Vid mötet talade de om arbetet i den gamla hamnen och om hur båtlinjen mellan de två städerna ska kunna öppnas tidigare, efter att inte ha varit i drift på nio år."},
	{"cs", "Ministryně dnes přijala nového velvyslance a hovořila s ním o přístavu.", "Ministryně zahraničních věcí Valory přijala dopoledne nového velvyslance Ruvénie, který jí předal pověřovací listiny. Na schůzce hovořili o pracích ve starém přístavu a o tom, jak by se dala dříve otevřít lodní linka mezi oběma městy, která už devět let není v provozu."},
	{"hr", "Ministrica je danas primila novog veleposlanika i s njim razgovarala o luci.", "Ministrica vanjskih poslova Valore prijepodne je primila novog veleposlanika Ruvenije, koji joj je predao vjerodajnice. Na sastanku su razgovarali o radovima u staroj luci i o tome kako bi se prije mogla otvoriti brodska linija između dvaju gradova, koja već devet godina ne radi."},
	{"sr", "Министарка је данас примила новог амбасадора и са њим разговарала о луци.", "Министарка спољних послова Валоре јутрос је примила новог амбасадора Рувеније, који јој је предао акредитивна писма. На састанку су разговарали о радовима у старој луци и о томе како би се раније могла отворити бродска линија између два града, која не ради већ девет година."},
	{"bg", "Министърката прие днес новия посланик и разговаря с него за пристанището.", "Министърката на външните работи на Валора прие тази сутрин новия посланик на Рувения, който ѝ връчи акредитивните си писма. На срещата те разговаряха за работата в старото пристанище и за това как по-рано да се отвори корабната линия между двата града, която не работи от девет години."},
	{"ru", "Министр сегодня приняла нового посла и говорила с ним о порте.", "Министр иностранных дел Валоры утром приняла нового посла Рувении, который вручил ей верительные грамоты. На встрече они говорили о работах в старом порту и о том, как раньше открыть корабельную линию между двумя городами, которая не работает уже девять лет."},
	{"uk", "Міністерка сьогодні прийняла нового посла і говорила з ним про порт.", "Міністерка закордонних справ Валори вранці прийняла нового посла Рувенії, який вручив їй вірчі грамоти. На зустрічі вони говорили про роботи у старому порту та про те, як раніше відкрити корабельну лінію між двома містами, що не працює вже дев'ять років."},
	{"fi", "Ministeri otti tänään vastaan uuden suurlähettilään ja keskusteli hänen kanssaan satamasta.", "Valoran ulkoministeri otti aamulla vastaan Ruvenian uuden suurlähettilään, joka luovutti hänelle valtuuskirjeensä. Tapaamisessa keskusteltiin vanhan sataman töistä ja siitä, miten kahden kaupungin välinen laivalinja saataisiin avattua aikaisemmin, sillä se ei ole kulkenut yhdeksään vuoteen."},
	{"eu", "Ministroak gaur hartu du enbaxadore berria eta portuaz hitz egin du harekin.", "Valorako Atzerri ministroak goizean hartu du Ruveniako enbaxadore berria, eta honek bere kredentzial gutunak eman dizkio. Bileran portu zaharreko lanez hitz egin dute, eta bi hirien arteko itsasontzi linea lehenago nola ireki daitekeen, bederatzi urtez geldirik egon ondoren."},
	{"mn", "Сайд өнөөдөр шинэ элчин сайдыг хүлээн авч уулзав.", "Валорагийн Гадаад харилцааны сайд өнөө өглөө Рувенийн шинэ элчин сайдыг хүлээн авч уулзан, итгэмжлэх жуух бичгийг нь хүлээн авлаа. Уулзалтын үеэр хуучин боомтын ажил, мөн есөн жил зогссон хоёр хотын хоорондох усан замын шугамыг хэрхэн эрт нээх талаар ярилцсан байна."},
	{"es", "La ministra recibió hoy al nuevo embajador y habló con él del puerto.", "La ministra de Asuntos Exteriores de Valora recibió esta mañana al nuevo embajador de Ruvenia, que le entregó sus cartas credenciales. En la reunión hablaron de las obras en el puerto viejo y de cómo se podrá abrir antes la línea de barcos entre las dos ciudades, que no funciona desde hace nueve años."},
	{"gl", "A ministra recibiu hoxe o novo embaixador e falou con el do porto.", "A ministra de Asuntos Exteriores de Valora recibiu esta mañá o novo embaixador de Ruvenia, que lle entregou as súas cartas credenciais. Na xuntanza falaron das obras no porto vello e de como se poderá abrir máis cedo a liña de barcos entre as dúas cidades, que non funciona dende hai nove anos."},
	{"pt", "A ministra recebeu hoje o novo embaixador e falou com ele do porto.", "A ministra dos Negócios Estrangeiros de Valora recebeu esta manhã o novo embaixador da Ruvénia, que lhe entregou as suas cartas credenciais. Na reunião falaram das obras no porto velho e de como se poderá abrir mais cedo a linha de navios entre as duas cidades, que não funciona há nove anos."},
	{"it", "La ministra ha ricevuto oggi il nuovo ambasciatore e gli ha parlato del porto.", "La ministra degli Affari esteri di Valora ha ricevuto questa mattina il nuovo ambasciatore della Ruvenia, che le ha consegnato le lettere credenziali. Nell'incontro hanno parlato dei lavori nel porto vecchio e di come si potrà aprire prima la linea di navi tra le due città, che non funziona da nove anni."},
	{"fr", "La ministre a reçu aujourd'hui le nouvel ambassadeur et lui a parlé du port.", "La ministre des Affaires étrangères de Valora a reçu ce matin le nouvel ambassadeur de Ruvénie, qui lui a remis ses lettres de créance. Ils ont parlé des travaux dans le vieux port et de la manière dont la ligne de bateaux entre les deux villes, à l'arrêt depuis neuf ans, pourrait être ouverte plus tôt."},
	{"ro", "Ministra a primit astăzi noul ambasador și a vorbit cu el despre port.", "Ministra afacerilor externe a Valorei l-a primit în această dimineață pe noul ambasador al Ruveniei, care i-a prezentat scrisorile de acreditare. La întâlnire au vorbit despre lucrările din portul vechi și despre cum s-ar putea deschide mai devreme linia de vapoare dintre cele două orașe, care nu mai funcționează de nouă ani."},
	{"de", "Die Ministerin hat heute den neuen Botschafter empfangen und mit ihm über den Hafen gesprochen.", "Die Außenministerin hat am Vormittag den neuen Botschafter Ruveniens empfangen, der ihr sein Beglaubigungsschreiben überreichte. Sie sprachen über die Arbeiten im alten Hafen und darüber, wie die Schiffslinie zwischen den beiden Städten, die seit neun Jahren ruht, früher geöffnet werden kann."},
	{"nl", "De minister heeft vandaag de nieuwe ambassadeur ontvangen en met hem over de haven gesproken.", "De minister van Buitenlandse Zaken heeft vanochtend de nieuwe ambassadeur van Ruvenië ontvangen, die haar zijn geloofsbrieven overhandigde. Zij spraken over het werk in de oude haven en over de vraag hoe de bootlijn tussen de twee steden, die al negen jaar niet vaart, eerder open kan."},
	{"af", "Die minister het vandag die nuwe ambassadeur ontvang en met hom oor die hawe gepraat.", "Die minister van Buitelandse Sake het vanoggend die nuwe ambassadeur van Ruvenië ontvang, wat sy geloofsbriewe aan haar oorhandig het. Hulle het gepraat oor die werk in die ou hawe en oor hoe die bootdiens tussen die twee stede, wat al nege jaar nie vaar nie, vroeër kan begin."},
	{"pl", "Minister przyjęła dziś nowego ambasadora i rozmawiała z nim o porcie.", "Minister spraw zagranicznych Walory przyjęła przed południem nowego ambasadora Ruwenii, który złożył na jej ręce listy uwierzytelniające. Na spotkaniu rozmawiali o pracach w starym porcie i o tym, jak wcześniej otworzyć linię statków między oboma miastami, która nie działa już od dziewięciu lat."},
	{"hu", "A miniszter ma fogadta az új nagykövetet, és a kikötőről beszélt vele.", "Valora külügyminisztere ma délelőtt fogadta Ruvénia új nagykövetét, aki átadta neki megbízólevelét. A találkozón a régi kikötőben folyó munkákról beszéltek, és arról, hogy miként lehetne hamarabb megnyitni a két város közötti hajójáratot, amely már kilenc éve nem közlekedik."},
	{"tr", "Bakan bugün yeni büyükelçiyi kabul etti ve onunla liman hakkında bir görüşme yaptı.", "Valora Dışişleri Bakanı bu sabah Ruvenya'nın yeni büyükelçisini kabul etti ve onun güven mektubunu aldı. Görüşmede eski limandaki çalışmalar ve iki şehir arasında dokuz yıldır işlemeyen gemi hattının nasıl daha erken açılabileceği ele alındı; bu konuda her iki taraf da kendi görüşünü bildirdi."},
	{"fi", "Ministeri otti tänään vastaan uuden suurlähettilään ja puhui hänen kanssaan satamasta.", "Valoran ulkoministeri otti aamupäivällä vastaan Ruvenian uuden suurlähettilään, joka jätti hänelle valtuuskirjeensä. Tapaamisessa he puhuivat vanhan sataman töistä ja siitä, miten kahden kaupungin välinen laivalinja, joka ei ole ollut käytössä yhdeksään vuoteen, voitaisiin avata aiemmin kuin nyt on sovittu."},
	{"sq", "Ministrja priti sot ambasadorin e ri dhe foli me të për portin.", "Ministrja e Jashtme e Valorës priti sot në mëngjes ambasadorin e ri të Ruvenisë, i cili i dorëzoi letrat kredenciale. Në takim ata folën për punimet në portin e vjetër dhe për mënyrën se si mund të hapet më herët linja e anijeve midis dy qyteteve, e cila nuk punon prej nëntë vjetësh."},
	{"id", "Menteri hari ini menerima duta besar yang baru dan berbicara dengan dia tentang pelabuhan.", "Menteri Luar Negeri Valora pada pagi ini menerima duta besar Ruvenia yang baru, yang menyerahkan surat kepercayaan kepadanya. Dalam pertemuan itu mereka berbicara tentang pekerjaan di pelabuhan lama dan bagaimana jalur kapal di antara kedua kota, yang tidak beroperasi sejak sembilan tahun, dapat dibuka lebih awal."},
	{"ar", "استقبلت الوزيرة اليوم السفير الجديد وتحدثت معه عن الميناء القديم في المدينة.", "استقبلت وزيرة خارجية فالورا صباح اليوم سفير روفينيا الجديد الذي سلمها أوراق اعتماده. وتحدث الجانبان خلال اللقاء عن الأعمال في الميناء القديم وعن كيفية فتح خط السفن بين المدينتين في وقت أقرب، بعد أن توقف منذ تسع سنوات، على أن يستمر الحوار بين الجانبين."},
	{"fa", "وزیر امروز سفیر جدید را به حضور پذیرفت و با او درباره بندر گفت\u200cوگو کرد.", "وزیر امور خارجه والورا امروز صبح سفیر جدید رووِنیا را که استوارنامه خود را تقدیم کرد به حضور پذیرفت. در این دیدار درباره کارهای بندر قدیمی و این که خط کشتیرانی میان دو شهر که نه سال است کار نمی\u200cکند چگونه زودتر باز شود گفت\u200cوگو شد."},
	{"ckb", "وەزیری دەرەوە ئەمڕۆ پێشوازی لە باڵیۆزی نوێ کرد و لەگەڵ ئەودا قسەی لەسەر بەندەر کرد.", "وەزیری دەرەوەی ڤالۆرا ئەم بەیانییە پێشوازی لە باڵیۆزی نوێی ڕووڤێنیا کرد کە نامەی باوەڕپێکردنی پێشکەش کرد. لە دیدارەکەدا باسی کارەکانی بەندەرە کۆنەکە و کردنەوەی هێڵی کەشتی لە نێوان هەردوو شارەکەیان کرد کە نۆ ساڵە کار ناکات و بۆ هەموو خەڵک گرنگە."},
	{"he", "השרה קיבלה היום את השגריר החדש ודיברה עם האורח על הנמל של העיר.", "שרת החוץ של ואלורה קיבלה הבוקר את השגריר החדש של רובניה, אשר הגיש לה את כתב האמנתו. בפגישה דיברו על העבודות בנמל הישן ועל הדרך לפתוח מוקדם יותר את קו הספינות בין שתי הערים, אשר לא פועל זה תשע שנים, וגם על המשך הקשר עם כל הנמלים."},
}

// TestDetectLanguage: a text is told from those of its neighbours, or nothing is told.
func TestDetectLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range spoken {
		if got := detectLanguage(tt.long); got != tt.language {
			t.Errorf("%s: %q for %s", tt.language, got, tt.long)
		}
		if got := detectLanguage(tt.short); got != tt.language && got != "" {
			t.Errorf("%s: %q for %s", tt.language, got, tt.short)
		}
		if got := detectLanguage(strings.Join(strings.Fields(tt.long)[:4], " ")); got != "" {
			t.Errorf("%s: %q for its first words", tt.language, got)
		}
	}
	for _, text := range []string{"", "2024 – 117/3", "Aldreth, Sund, Torvik, Quill, Varga, Orlo, Pell, Ness, Lumen, Raab, Ketti, Molde, Tarn, Osk and Hale", "Ko te tikanga o te kaupapa nei he āwhina i ngā iwi katoa o te motu kia noho tahi ai rātou i runga i te rangimārie"} {
		if got := detectLanguage(text); got != "" {
			t.Errorf("%q for %s", got, text)
		}
	}
}

// TestPageLanguage: what a page declares holds unless its text is plainly in another
// language; a page that declares none is read, and what is unsure is a problem.
func TestPageLanguage(t *testing.T) {
	t.Parallel()
	long := map[press.Language]string{}
	for _, s := range spoken {
		long[s.language] = s.long
	}
	const unsure = "the page does not say its language, and its text does not show it"
	for _, tt := range []struct {
		name           string
		declared, site press.Language
		text           string
		want           press.Language
		problem        string
	}{
		{"declared", "da", "en", long["da"], "da", ""},
		{"declared, and the site speaks a neighbour's", "da", "nb", long["da"], "da", ""},
		{"not declared", "", "en", long["ca"], "ca", ""},
		{"not declared on a site that speaks a neighbour's", "", "cs", long["sk"], "sk", ""},
		{"not declared, of a family that the site speaks", "", "sr-Latn", long["hr"], "sr-Latn", ""},
		{"not declared, of a family whose languages are written alike", "", "en", long["hr"], "hr", "the page does not say its language, and others are written like it: it was taken for hr"},
		{"the template says another", "es", "en", long["ca"], "ca", "the page says that its language is es, but the text is ca"},
		{"the template says a neighbour's", "ru", "en", long["be"], "be", "the page says that its language is ru, but the text is be"},
		{"a family", "bs", "en", long["hr"], "bs", ""},
		{"not declared and unsure", "", "en", "Aldreth 2024.", "en", unsure + ": it was taken for en"},
		{"unsure, and the site has none", "", "", "Aldreth 2024.", "", unsure},
	} {
		p := Page{}
		if got := p.pickLanguage(tt.declared, tt.text, Options{Language: tt.site, Zone: time.UTC}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if got := strings.Join(p.Problems, "; "); got != tt.problem && !(tt.problem != "" && strings.HasPrefix(got, tt.problem)) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.problem)
		}
	}
}
