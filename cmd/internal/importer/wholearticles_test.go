package importer

import "communique/storage/press"

// parlance is what the pages of a site say in one language: an article, and the words of its
// templates.
type parlance struct {
	language                press.Language
	site, home, top, below  string // names of the site, its root and two sections
	title, date, label      string // 5 March 2024 as it is written, and what stands before it
	lead, first, next, last string
	names                   string // introduces names
	quote, by, head, cell   string
	caption                 string
	share, related, rights  string // furniture
}

var parlances = []parlance{
	{"en", "Ministry of Valora", "Home", "News", "Statements", "Valora opens its harbour to small ships", "5 March 2024", "Published on", "In short: small ships pay no fee from the first day of June.",
		"The Minister of Foreign Affairs of Valora said on Tuesday that the harbour of Port Almira would be open to small ships without a fee.", "Her colleague from Torvik welcomed what he called an old promise kept, and invited her to the islands in the autumn of this year.", "The rule holds for five years and will be looked at by Parliament in the spring before it ends.",
		"The delegation of Torvik:", "We have waited for this for longer than most of us have been at sea.", "Ilva Quist, harbour master", "What will change", "Medium", "The two ministers on the mole", "Share this page", "Related news", "All rights reserved"},
	{"fr", "Ministère de Valora", "Accueil", "Actualités", "Déclarations", "La Valora ouvre son port aux petits navires", "5 mars 2024", "Publié le", "En bref : les petits navires ne paieront plus rien dès le premier jour de juin.",
		"La ministre des Affaires étrangères de la Valora a déclaré mardi que le port d’Almira serait ouvert sans frais aux petits navires.", "Son collègue de Torvik a salué une vieille promesse enfin tenue et l’a invitée dans les îles à l’automne de cette année.", "La règle vaut pour cinq ans et sera examinée par le Parlement au printemps qui précède sa fin.",
		"La délégation de Torvik :", "Nous avons attendu cela plus longtemps que la plupart d’entre nous n’ont navigué.", "Ilva Quist, capitaine du port", "Ce qui va changer", "Moyen", "Les deux ministres sur la jetée", "Partager cette page", "À lire aussi", "Tous droits réservés"},
	{"de", "Ministerium von Valora", "Startseite", "Aktuelles", "Erklärungen", "Valora öffnet seinen Hafen für kleine Schiffe", "5. März 2024", "Veröffentlicht am", "Kurz gesagt: Kleine Schiffe zahlen vom ersten Tag des Junis an nichts mehr.",
		"Die Ministerin des Auswärtigen von Valora sagte am Dienstag, der Hafen von Almira werde für kleine Schiffe ohne Gebühr offen sein.", "Ihr Amtskollege aus Torvik begrüßte, dass ein altes Versprechen gehalten werde, und lud sie für den Herbst auf die Inseln ein.", "Die Regel gilt fünf Jahre lang und wird vom Parlament im Frühjahr vor ihrem Ende überprüft.",
		"Die Delegation aus Torvik:", "Darauf haben wir länger gewartet, als die meisten von uns zur See fahren.", "Ilva Quist, Hafenmeisterin", "Was sich ändert", "Mittel", "Die beiden Minister auf der Mole", "Seite teilen", "Das könnte Sie auch interessieren", "Alle Rechte vorbehalten"},
	{"es", "Ministerio de Valora", "Inicio", "Noticias", "Declaraciones", "Valora abre su puerto a los barcos pequeños", "5 de marzo de 2024", "Publicado el", "En breve: los barcos pequeños no pagarán nada desde el primer día de junio.",
		"La ministra de Asuntos Exteriores de Valora dijo el martes que el puerto de Almira quedará abierto sin tasas a los barcos pequeños.", "Su colega de Torvik saludó lo que llamó una vieja promesa cumplida y la invitó a las islas en el otoño de este año.", "La norma vale por cinco años y el Parlamento la examinará en la primavera anterior a su fin.",
		"La delegación de Torvik:", "Hemos esperado esto más tiempo del que la mayoría llevamos en el mar.", "Ilva Quist, capitana del puerto", "Lo que cambiará", "Medio", "Los dos ministros en el muelle", "Compartir esta página", "Noticias relacionadas", "Todos los derechos reservados"},
	{"pt", "Ministério de Valora", "Início", "Notícias", "Declarações", "Valora abre o seu porto aos navios pequenos", "5 de março de 2024", "Publicado em", "Em resumo: os navios pequenos não pagarão nada a partir do primeiro dia de junho.",
		"A ministra dos Negócios Estrangeiros de Valora disse na terça-feira que o porto de Almira ficará aberto sem taxas aos navios pequenos.", "O seu colega de Torvik saudou o que chamou uma velha promessa cumprida e convidou-a para as ilhas no outono deste ano.", "A regra vale por cinco anos e o Parlamento vai examiná-la na primavera antes do seu fim.",
		"A delegação de Torvik:", "Esperámos por isto mais tempo do que a maioria de nós anda no mar.", "Ilva Quist, capitã do porto", "O que vai mudar", "Médio", "Os dois ministros no cais", "Partilhar esta página", "Notícias relacionadas", "Todos os direitos reservados"},
	{"it", "Ministero di Valora", "Home", "Notizie", "Dichiarazioni", "La Valora apre il suo porto alle piccole navi", "5 marzo 2024", "Pubblicato il", "In breve: le piccole navi non pagheranno nulla dal primo giorno di giugno.",
		"La ministra degli Affari esteri della Valora ha detto martedì che il porto di Almira sarà aperto senza tariffe alle piccole navi.", "Il suo collega di Torvik ha salutato quella che ha chiamato una vecchia promessa mantenuta e l’ha invitata nelle isole in autunno.", "La regola vale per cinque anni e il Parlamento la esaminerà nella primavera che precede la sua fine.",
		"La delegazione di Torvik:", "Abbiamo aspettato questo più a lungo di quanto molti di noi vadano per mare.", "Ilva Quist, capitana del porto", "Che cosa cambierà", "Medio", "I due ministri sul molo", "Condividi questa pagina", "Leggi anche", "Tutti i diritti riservati"},
	{"pl", "Ministerstwo Valory", "Strona główna", "Aktualności", "Oświadczenia", "Valora otwiera port dla małych statków", "5 marca 2024", "Opublikowano", "W skrócie: małe statki nie zapłacą nic od pierwszego dnia czerwca.",
		"Minister spraw zagranicznych Valory powiedziała we wtorek, że port Almira będzie otwarty bez opłat dla małych statków.", "Jej kolega z Torviku z zadowoleniem przyjął spełnienie dawnej obietnicy i zaprosił ją na wyspy jesienią tego roku.", "Zasada obowiązuje przez pięć lat i zostanie zbadana przez parlament wiosną przed jej końcem.",
		"Delegacja Torviku:", "Czekaliśmy na to dłużej, niż większość z nas pływa po morzu.", "Ilva Quist, kapitan portu", "Co się zmieni", "Średni", "Dwoje ministrów na molo", "Udostępnij tę stronę", "Zobacz także", "Wszelkie prawa zastrzeżone"},
	{"ru", "Министерство Валоры", "Главная", "Новости", "Заявления", "Валора открывает порт для малых судов", "5 марта 2024", "Опубликовано", "Коротко: малые суда не будут платить ничего с первого дня июня.",
		"Министр иностранных дел Валоры заявила во вторник, что порт Альмира будет открыт для малых судов без всякой платы.", "Её коллега из Торвика приветствовал исполнение давнего обещания и пригласил её на острова осенью этого года.", "Правило действует пять лет и будет рассмотрено парламентом весной перед его окончанием.",
		"Делегация Торвика:", "Мы ждали этого дольше, чем большинство из нас ходит в море.", "Ильва Квист, капитан порта", "Что изменится", "Средний", "Два министра на молу", "Поделиться страницей", "Читайте также", "Все права защищены"},
	{"uk", "Міністерство Валори", "Головна", "Новини", "Заяви", "Валора відкриває порт для малих суден", "5 березня 2024", "Опубліковано", "Коротко: малі судна не платитимуть нічого з першого дня червня.",
		"Міністерка закордонних справ Валори заявила у вівторок, що порт Альміра буде відкритий для малих суден без жодної плати.", "Її колега з Торвіка привітав виконання давньої обіцянки й запросив її на острови восени цього року.", "Правило діє п’ять років, і парламент розгляне його навесні перед його закінченням.",
		"Делегація Торвіка:", "Ми чекали цього довше, ніж більшість із нас ходить у море.", "Ільва Квіст, капітанка порту", "Що зміниться", "Середній", "Двоє міністрів на молу", "Поділитися сторінкою", "Читайте також", "Усі права захищено"},
	{"ar", "وزارة فالورا", "الرئيسية", "الأخبار", "البيانات", "فالورا تفتح ميناءها أمام السفن الصغيرة", "5 مارس 2024", "تاريخ النشر", "باختصار: لن تدفع السفن الصغيرة شيئا ابتداء من اليوم الأول من يونيو.",
		"قالت وزيرة خارجية فالورا يوم الثلاثاء إن ميناء ألميرا سيكون مفتوحا أمام السفن الصغيرة من دون أي رسوم مهما كان علمها.", "ورحب نظيرها من تورفيك بما سماه الوفاء بوعد قديم ودعاها إلى زيارة الجزر في خريف هذا العام مع وفد من البحارة.", "تسري القاعدة خمس سنوات وسينظر فيها البرلمان في الربيع الذي يسبق نهايتها.",
		"وفد تورفيك:", "انتظرنا هذا مدة أطول من المدة التي قضاها معظمنا في البحر.", "إيلفا كويست، مديرة الميناء", "ما الذي سيتغير", "متوسط", "الوزيران على رصيف الميناء", "شارك هذه الصفحة", "اقرأ أيضا", "جميع الحقوق محفوظة"},
	{"zh", "瓦洛拉外交部", "首页", "新闻", "声明", "瓦洛拉向小型船只开放港口", "2024年3月5日", "发布时间：", "简而言之：自六月一日起，小型船只不再缴纳任何费用。",
		"瓦洛拉外交部长星期二在首都表示，阿尔米拉港将向所有小型船只免费开放，无论船只悬挂哪一国的旗帜，也无论船只来自何方。", "来自托尔维克的部长对这一兑现多年承诺的举动表示欢迎，并邀请她于今年秋天率团访问群岛，同当地渔民和船长见面。", "这一规定有效期为五年，议会将在期满之前的春天对其进行审议。",
		"托尔维克代表团名单：", "我们等待这一天的时间，比我们大多数人出海的时间还要长。", "港务长伊尔瓦", "有何变化", "中等", "两位部长在防波堤上", "分享本页", "相关阅读", "版权所有"},
	{"ja", "ヴァローラ外務省", "ホーム", "ニュース", "声明", "ヴァローラ、小型船に港を開放", "2024年3月5日", "公開日：", "要約：小型船は六月一日から料金を一切支払わなくてよい。",
		"ヴァローラの外務大臣は火曜日、首都で、アルミラ港をすべての小型船に無料で開放すると述べ、船の旗の国を問わないことを明らかにした。", "トルヴィクの大臣は、長年の約束が守られたことを歓迎し、今年の秋に漁師や船長とともに島々を訪れるよう彼女を招待したと述べた。", "この規則は五年間有効であり、その終わりの前の春に議会によって見直される。",
		"トルヴィクの代表団：", "私たちの多くが海に出ている年月よりも長く、この日を待っていました。", "港長イルヴァ", "変わること", "中程度", "防波堤の上の二人の大臣", "このページを共有", "関連記事", "無断転載を禁じます"},
	{"tr", "Valora Bakanlığı", "Ana Sayfa", "Haberler", "Açıklamalar", "Valora limanını küçük gemilere açıyor", "5 Mart 2024", "Yayın tarihi:", "Kısaca: küçük gemiler haziranın ilk gününden itibaren hiçbir ücret ödemeyecek.",
		"Valora Dışişleri Bakanı salı günü Almira limanının küçük gemilere ücretsiz olarak açık olacağını ve bayraklarına bakılmayacağını söyledi.", "Torvik'ten gelen meslektaşı eski bir sözün tutulmasını memnuniyetle karşıladı ve onu bu yılın sonbaharında adalara davet etti.", "Kural beş yıl boyunca geçerlidir ve sona ermeden önceki baharda parlamento tarafından incelenecektir.",
		"Torvik heyeti:", "Bunu çoğumuzun denizde geçirdiği zamandan daha uzun süre bekledik.", "Ilva Quist, liman başkanı", "Neler değişecek", "Orta", "İki bakan mendirekte", "Bu sayfayı paylaş", "İlgili haberler", "Tüm hakları saklıdır"},
	{"el", "Υπουργείο Βαλόρας", "Αρχική", "Νέα", "Δηλώσεις", "Η Βαλόρα ανοίγει το λιμάνι της στα μικρά πλοία", "5 Μαρτίου 2024", "Δημοσιεύθηκε:", "Με λίγα λόγια: τα μικρά πλοία δεν θα πληρώνουν τίποτα από την πρώτη ημέρα του Ιουνίου.",
		"Η υπουργός Εξωτερικών της Βαλόρας δήλωσε την Τρίτη ότι το λιμάνι της Αλμίρας θα είναι ανοικτό χωρίς τέλη στα μικρά πλοία.", "Ο συνάδελφός της από το Τόρβικ χαιρέτισε την τήρηση μιας παλιάς υπόσχεσης και την κάλεσε στα νησιά το φθινόπωρο.", "Ο κανόνας ισχύει για πέντε χρόνια και το κοινοβούλιο θα τον εξετάσει την άνοιξη πριν από τη λήξη του.",
		"Η αντιπροσωπεία του Τόρβικ:", "Το περιμέναμε περισσότερο καιρό από όσο ταξιδεύουν οι περισσότεροι από εμάς.", "Ίλβα Κουίστ, λιμενάρχης", "Τι θα αλλάξει", "Μέτριο", "Οι δύο υπουργοί στον μόλο", "Κοινοποιήστε τη σελίδα", "Διαβάστε επίσης", "Με επιφύλαξη παντός δικαιώματος"},
}
