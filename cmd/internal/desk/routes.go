package desk

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"communique/cmd/internal/web"
	"communique/storage/press"
)

// route adds a route: its pattern, who may have it, and what answers.
type route func(pattern string, who rule, h handler)

// router has all routes.
func (d *Desk) router() chi.Router {
	r := chi.NewRouter()
	r.Use(middleware.GetHead, web.ClientAddress(d.TrustedProxies), web.Named, web.Observe(d.Log, d.Access, routeOf), web.Recovered(d.panicked), d.guarded, d.onlyHere, d.sessions.LoadAndSave, d.recognised)
	r.NotFound(d.answered(func(http.ResponseWriter, *http.Request) error { return press.ErrNotFound }))
	r.MethodNotAllowed(d.answered(func(http.ResponseWriter, *http.Request) error { return errMethod }))
	d.routes(
		func(pattern string, who rule, h handler) { r.Get(pattern, d.answered(d.allowed(who, h))) },
		func(pattern string, who rule, h handler) { r.Post(pattern, d.answered(d.allowed(who, h))) },
	)
	return r
}

// routes adds all routes, each with who may have it.
func (d *Desk) routes(get, post route) {
	d.signInRoutes(get, post)
	d.accountRoutes(get, post)
	d.articleRoutes(get, post)
	d.manuscriptRoutes(get, post)
	d.answerRoutes(get, post)
	d.peopleRoutes(get, post)
}

func (d *Desk) signInRoutes(get, post route) {
	get(d.pages.styleURL, anybody, d.style)
	get(d.pages.scriptURL, anybody, d.script)
	get(d.pages.passkeyURL, anybody, d.passkeyScript)
	get(d.pages.keysURL, anybody, d.keysScript)
	get("/sign-in", anybody, d.signInPage)
	post("/sign-in", anybody, d.signIn)
	get("/sign-in/passkey", anybody, d.signInKeyPage)
	post("/sign-in/passkey", anybody, d.signInByKey)
	if d.provider != nil {
		get("/sign-in/provider", anybody, d.toProvider)
		get("/sign-in/provider/return", anybody, d.fromProvider)
	}
	post("/sign-out", anybody, d.signOut)
	get("/invitation/{token}", anybody, d.invitationPage)
	post("/invitation/{token}", anybody, d.takeInvitation)

	if len(d.Invented) > 0 {
		post("/sign-in/invented", anybody, d.signInAs)
	}
}

func (d *Desk) accountRoutes(get, post route) {
	get("/keys", known, d.keys)
	get("/account", known, d.accountPage)
	post("/account/password", known, d.changePassword)
	post("/account/zone", known, d.changeZone)
	get("/account/second-factor", known, d.factorPage)
	post("/account/second-factor", known, d.setFactor)
	get("/account/passkeys", known, d.passkeysPage)
	post("/account/passkeys", known, d.addPasskey)
	post("/account/passkeys/removal", known, d.removePasskey)
	get("/confirm", halfway, d.confirmPage)
	post("/confirm", halfway, d.confirm)
	post("/confirm/passkey", halfway, d.confirmByKey)
}

func (d *Desk) articleRoutes(get, post route) {
	get("/", reader, d.overview)
	get("/articles", reader, d.articles)
	get("/articles/{id}", reader, d.article)
	get("/articles/{id}/media/{name}", reader, d.picture)
	get("/articles/{id}/file", reader, d.file)
	get("/articles/{id}/reach", reader, d.reachPage)
	post("/articles/{id}/reach", reader, d.tryNow)
	get("/articles/{id}/report", reader, d.reportPage)
	get("/articles/{id}/report.csv", reader, d.reportFile)
	get("/articles/{id}/report.json", reader, d.reportFile)
	get("/files/withdrawn", reader, d.withdrawnFiles)
	get("/files/{hash}/withdrawal", confirmed, d.fileWithdrawal)
	post("/files/{hash}/withdrawal", confirmed, d.withdrawFile)
	get("/calendar", reader, d.calendar)
	post("/articles/{id}/review", confirmed, d.review)
	get("/alarms/{id}", reader, d.alarm)
	post("/alarms/{id}", reader, d.acknowledge)
	post("/articles/{id}/correction", reader, d.proposeCorrection)
	post("/articles/{id}/unchanged", reader, d.needsNoChange)
	post("/articles/{id}/languages", reader, d.translateArticle)
	get("/articles/{id}/rest", confirmed, d.restOfSet)
	post("/articles/{id}/rest", confirmed, d.releaseRest)
	get("/articles/{id}/withdrawal", confirmed, d.withdrawalPage)
	post("/articles/{id}/withdrawal", confirmed, d.withdraw)
	get("/articles/{id}/withdrawal/proposal", reader, d.withdrawalProposal)
	post("/articles/{id}/withdrawal/proposal", reader, d.proposeWithdrawal)
}

func (d *Desk) manuscriptRoutes(get, post route) {
	get("/manuscripts", reader, d.manuscripts)
	get("/manuscripts/new", reader, d.newManuscript)
	post("/manuscripts/new", reader, d.beginManuscript)
	get("/manuscripts/{id}", reader, d.manuscript)
	get("/manuscripts/{id}/edit", reader, d.editManuscript)
	post("/manuscripts/{id}/edit", reader, d.saveManuscript)
	post("/manuscripts/{id}/typed", anybody, d.keepTyped)
	post("/manuscripts/{id}/typed/end", reader, d.throwTyped)
	post("/manuscripts/{id}/typed/correction", reader, d.proposeTyped)
	get("/manuscripts/{id}/comparison", reader, d.compareRevisions)
	get("/manuscripts/{id}/media/{name}", reader, d.manuscriptPicture)
	get("/manuscripts/{id}/file", reader, d.manuscriptFile)
	post("/manuscripts/{id}/submission", reader, d.submitManuscript)
	post("/manuscripts/{id}/submission/end", reader, d.takeBackManuscript)
	post("/manuscripts/{id}/return", reader, d.sendBackManuscript)
	post("/manuscripts/{id}/remarks", reader, d.remarkOnManuscript)
	get("/manuscripts/{id}/languages", reader, d.languages)
	post("/manuscripts/{id}/languages", reader, d.beginLanguage)
	post("/manuscripts/{id}/languages/rule", reader, d.ruleLanguages)
	post("/manuscripts/{id}/end", reader, d.giveUpManuscript)
	post("/manuscripts/{id}/approval", confirmed, d.approveManuscript)
	post("/manuscripts/{id}/withdrawal", reader, d.saveWithdrawal)
	post("/manuscripts/{id}/recall", reader, d.recallManuscript)
	post("/manuscripts/{id}/assignment", reader, d.assignManuscript)
	get("/manuscripts/{id}/people", reader, d.limitPage)
	post("/manuscripts/{id}/people", reader, d.limitManuscript)
	get("/manuscripts/{id}/links", reader, d.links)
	post("/manuscripts/{id}/links", reader, d.tryLinks)
}

func (d *Desk) answerRoutes(get, post route) {
	get("/answers", reader, d.answers)
	get("/answers/{token}", reader, d.answer)
	post("/answers/{token}/decision", reader, d.decideAnswer)
	post("/answers/{token}/evidence", reader, d.keepAnswer)
	get("/evidence", reader, d.evidence)
	get("/evidence/{token}", reader, d.pieceOfEvidence)
	get("/evidence/{token}/original", reader, d.originalOfEvidence)
	get("/evidence/{token}/key", reader, d.keyOfEvidence)
	get("/reports", operator, d.reports)
	post("/reports/{id}/dismissal", operator, d.dismissReport)
	get("/blocks", operator, d.blocks)
	get("/blocks/new", operator, d.blockPage)
	post("/blocks/new", operator, d.block)
	post("/blocks/end", operator, d.unblock)
}

func (d *Desk) peopleRoutes(get, post route) {
	get("/audit", operator, d.audit)
	get("/people", operator, d.people)
	get("/people/invite", operator, d.invitePage)
	post("/people/invite", operator, d.invite)
	get("/people/{login}", operator, d.person)
	post("/people/{login}/grants", operator, d.grant)
	post("/people/{login}/invitation", operator, d.inviteAgain)
	post("/people/{login}/removal", operator, d.remove)
	get("/rules", operator, d.personsPage)
	post("/rules", operator, d.setPersons)
	post("/rules/agreement", confirmed, d.agreeToPersons)
	post("/rules/refusal", confirmed, d.disagreeToPersons)
	get("/rights", confirmed, d.rights)
	post("/rights/{login}/agreement", confirmed, d.agree)
	post("/rights/{login}/refusal", confirmed, d.disagree)
}
