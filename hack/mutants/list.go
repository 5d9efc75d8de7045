// The list: what is broken, and what notices.

package main

const (
	adoptGo     = "internal/engine/adopt.go"
	batcherGo   = "internal/session/batcher.go"
	budgetGo    = "internal/xmlapi/budget.go"
	claimsGo    = "internal/engine/claims.go"
	connectGo   = "internal/engine/connect.go"
	convergeGo  = "internal/engine/converge.go"
	createGo    = "internal/engine/create.go"
	deleteGo    = "internal/engine/delete.go"
	describedGo = "internal/engine/described.go"
	identifyGo  = "internal/engine/identify.go"
	opaqueGo    = "internal/engine/opaque.go"
	parentGo    = "internal/engine/parent.go"
	passGo      = "internal/engine/pass.go"
	permitGo    = "internal/engine/permit.go"
	recordGo    = "internal/engine/record.go"
	secretsGo   = "internal/engine/secretwrite.go"
	suspendGo   = "internal/engine/suspend_decide.go"
	tenantsGo   = "internal/engine/tenants.go"
	valuesGo    = "internal/engine/values.go"
	vanishedGo  = "internal/engine/vanished.go"
	errorGo     = "internal/xmlapi/error.go"
)

const (
	customer       = "PleskCustomer"
	servicePlan    = "PleskServicePlan"
	subscription   = "PleskSubscription"
	zone           = "PleskDNSZone"
	mailAccount    = "PleskMailAccount"
	database       = "PleskDatabase"
	databaseUser   = "PleskDatabaseUser"
	certificate    = "PleskCertificate"
	databaseServer = "PleskDatabaseServer"
)

const (
	engine  = "internal/engine"
	session = "internal/session"
)

var mutations = []mutation{
	// What survives a crash.
	{
		"finalizer-after-create", "the finalizer is added after the create",
		[]edit{
			{createGo, `	if err := p.addFinalizer(ctx); err != nil {
		return p.notSent(begun, p.fail(err))
	}
	p.creating = true
`, `	p.creating = true
`},
			{createGo, `	p.metrics.write(p.kindName, "create")
`, `	p.metrics.write(p.kindName, "create")
	if err := p.addFinalizer(ctx); err != nil {
		return p.fail(err)
	}
`},
		},
		[]test{conformance(database, "leaves nothing behind when it is deleted after a crash at any step of its making")},
	},
	{
		"finalizer-before-record", "the finalizer is added before the pending mark is saved",
		[]edit{{createGo, `	if err := p.saveStatus(ctx); err != nil {
		return p.notSent(begun, p.fail(err))
	}
	if err := p.addFinalizer(ctx); err != nil {
		return p.notSent(begun, p.fail(err))
	}
`, `	if err := p.addFinalizer(ctx); err != nil {
		return p.notSent(begun, p.fail(err))
	}
	if err := p.saveStatus(ctx); err != nil {
		return p.notSent(begun, p.fail(err))
	}
`}},
		[]test{conformance(mailAccount, "is made as the spec says, once")},
	},
	{
		"finalizer-before-adoption", "the finalizer is added before an adoption is recorded",
		[]edit{{adoptGo, `	if err := p.record(ctx, p.found.Identity, p.found.Key, p.adoption.inputs, nil); err != nil {
		return p.fail(err)
	}
	if err := p.addFinalizer(ctx); err != nil {
		return p.fail(err)
	}
`, `	if err := p.addFinalizer(ctx); err != nil {
		return p.fail(err)
	}
	if err := p.record(ctx, p.found.Identity, p.found.Key, p.adoption.inputs, nil); err != nil {
		return p.fail(err)
	}
`}},
		[]test{conformance(servicePlan, "adopts, with adoptionPolicy IfMatching, what is identical")},
	},
	{
		"pending-not-saved", "the pending mark is not saved before the create",
		[]edit{{createGo, `	if err := p.saveStatus(ctx); err != nil {
		return p.notSent(begun, p.fail(err))
	}
`, ``}},
		[]test{conformance(databaseUser, "leaves nothing behind when it is deleted after a crash at any step of its making")},
	},
	{
		"unsent-in-doubt", "a create of which nothing was sent is waited for",
		[]edit{{createGo, `	if !begun {
		p.neverSent()
	}
`, ``}},
		[]test{conformance(mailAccount, "survives every fault and crash at every call to the API server")},
	},
	{
		"pending-cleared-early", "the pending mark goes with the answer of the add, before two attributes were seen",
		[]edit{{createGo, `p.record(ctx, id, p.key, p.created(), s.Pending)`, `p.record(ctx, id, p.key, p.created(), nil)`}},
		[]test{e2e("An add that is answered with another object's id is not recorded as that one")},
	},
	{
		"id-not-recorded", "the id is not recorded",
		[]edit{{recordGo, `s.Inputs = id.ID, id.GUID, p.doer.GUID()`, `s.Inputs = "", id.GUID, p.doer.GUID()`}},
		[]test{conformance(servicePlan, "is made as the spec says, once")},
	},
	{
		"secrets-held-back", "a renewed password waits with what is refused beside it",
		[]edit{{convergeGo, `return p.atLeastSecrets(ctx, writable, v)`, `return v`}},
		[]test{e2e("A password that is renewed beside a change that is refused is on the server as it is in the Secret, and what was refused is not sent again and again"),
			conformance(mailAccount, "has its password changed beside a change that the server refuses, which is not sent again before somebody asks")},
	},
	{
		"secret-without-company", "a password goes alone to what it is not for yet",
		[]edit{{"internal/engine/writeonly.go", `slices.Contains(with[c.Field], o.Field) || `, ``}, {"internal/engine/writeonly.go", `	with := companions(want)
`, ``}},
		[]test{conformance(databaseServer, "has its password wait with what it belongs to when the server refuses that, until somebody asks")},
	},
	{
		"rename-not-noted", "a rename is not noted before it is written",
		[]edit{{convergeGo, `	p.noteRename(writable)
`, ``}},
		[]test{conformance(databaseUser, "is the same object after every fault and crash while it is renamed")},
	},
	{
		"move-not-noted", "what an object is being moved into is not noted before that is written",
		[]edit{{convergeGo, `	p.noteMove(writable)
`, ``}},
		[]test{e2e("A database that was moved by halves goes back where the spec has it, and is deleted where it is")},
	},
	{
		"waiting-counts-as-sent", "an update counts as one of all that cannot be read back",
		[]edit{{convergeGo, `	p.noteInputs(writes(writable))`, `	p.noteInputs(anyPath)`}},
		[]test{e2e("Outside of a change window keeps a role waiting while a password is renewed")},
	},
	{
		"sent-not-recorded", "what a create was sent with is taken for what the Secret holds by now",
		[]edit{{adoptGo, `p.adoption.inputs = s.Inputs // it may be`, `p.adoption.inputs = p.created() // it may be`}},
		[]test{conformance(customer, "has the password that its Secret holds when that changed while nobody knew whether it was made")},
	},
	{
		"sent-not-doubted", "a value that cannot be read back counts as the one before until an answer has come",
		[]edit{{convergeGo, `	p.doubtInputs(writable)
`, ``}},
		[]test{conformance(customer, "has the password that its Secret holds when that was put back while nobody knew whether it was changed")},
	},
	{
		"rename-proves-nothing", "the name that a rename was begun to does not count as recorded",
		[]edit{{identifyGo, ` || s.RenamedTo != "" && found.Key.same(renamedKey(s))`, ``}},
		[]test{unit(engine, "TestRenamedWithoutGUIDAndMark")},
	},

	// What is not known.
	{
		"find-error-ignored", "an error of Find is ignored",
		[]edit{{identifyGo, `	found, err := p.kind.Find(ctx, p.doer, h)
	if err != nil {
		return nil, p.fail(err)
	}
`, `	found, _ := p.kind.Find(ctx, p.doer, h)
`}},
		[]test{conformance(database, "concludes nothing from time-outs, gateway errors, pages, cut, empty and lost answers where it reads")},
	},
	{
		"create-not-waited-for", "\"not found\" permits a second add at once",
		[]edit{{vanishedGo, `	case s.Pending != nil:
		if v := p.inFlight(); v != nil {
			return v
		}
`, `	case s.Pending != nil:
`}},
		[]test{conformance(database, "is made once when the server goes on making it for longer than the operator waits")},
	},
	{
		"deletion-does-not-wait", "a deletion does not wait for a create that may be in flight",
		[]edit{{deleteGo, `		if v := p.inFlight(); v != nil {
			return stop(blockedFor(*v))
		}
`, ``}},
		[]test{conformance(subscription, "does not stay behind when the server goes on making it after its resource was deleted")},
	},
	{
		"stale-server-condition", "objects go on with a condition of their server that is about an earlier spec of it",
		[]edit{{"internal/engine/servers.go", `ready == nil || ready.ObservedGeneration != srv.Generation`, `ready == nil`}},
		[]test{unit(engine, "TestUnready")},
	},
	{
		"system-error-says-nothing", "an error of the whole packet neither opens nor resets the door",
		[]edit{{"internal/session/session.go", `		// The server answered and refused this packet only (or is busy): nothing is learned about the next one.
		s.failures, s.closed = 0, nil
`, ``}},
		[]test{unit(session, "TestARefusedPacketIsAnAnswer")},
	},

	{
		"failure-is-final", "1023, \"operation failed\", is taken for a refusal of what was asked",
		[]edit{{errorGo, `CodeFailed:               {class: Transient,`, `CodeFailed:               {class: Invalid,`}},
		[]test{unit("internal/xmlapi", "TestClassify"), unit(engine, "TestVerdictByClass"), conformance(customer, "says what each error code means at each operation, and recovers")},
	},

	// What is ours.
	{
		"server-guid-not-checked", "the GUID of the server that an object has recorded is not compared",
		[]edit{{connectGo, `WitnessOf(p.session, p.server, p.urgency.lane(), p.o.State().ServerGUID)`, `WitnessOf(p.session, p.server, p.urgency.lane())`}},
		[]test{e2e("The wrong server is known by what the object has recorded, also behind a PleskServer of the same name that was made anew")},
	},
	{
		"answerer-not-compared", "who answers is not compared with who is expected",
		[]edit{{"internal/session/witness.go", `if expected != "" && expected != guid {`, `if expected != "" && guid == "" {`}},
		[]test{unit(session, "TestWitnessOfAnotherServer"), unit(session, "TestWitnessNoticesAnotherServerBehindTheCertificate")},
	},
	{
		"who-answers-is-a-state", "the code of a server that does not say who it is counts as one about the object",
		[]edit{{"internal/session/witness.go", `	class := xmlapi.Transient
	if slices`, `	class := xmlapi.ClassOf(err)
	if slices`}},
		[]test{unit(session, "TestARefusalToSayWhoAnswersIsNoState")},
	},
	{
		"customers-are-one", "customers of one provider are not told apart",
		[]edit{{"internal/session/identity.go", `i.Role != Customer || len(known) == 0`, `i.Role != "" || len(known) == 0`}},
		[]test{unit(session, "TestACustomerIsKnownByItsSubscriptions"), e2e("A PleskServer with the credentials of a customer is not another customer's of the same provider")},
	},
	{
		"landmarks-overlooked", "one object on the PleskServers of several accounts counts as several",
		[]edit{{"internal/engine/landmark.go", `if l != "" && l != plesk {`, `if l != "" && l == plesk {`}},
		[]test{e2e("PleskServers of several accounts for one Plesk work side by side, and each object is one's"), e2e("PleskServers of several accounts for one Plesk take nothing along that is described for another account")},
	},
	{
		"role-not-asked", "objects are sent to a server whose account their kind is not for",
		[]edit{{connectGo, `	if v := p.rolePermits(); v != nil {
		return v
	}
`, ``}},
		[]test{e2e("A PleskServer with the credentials of a customer refuses kinds that are not for customers, without a packet, until its credentials are another's")},
	},
	{
		"unseen-is-gone", "what a reseller is not shown any more is made anew",
		[]edit{{vanishedGo, `	if !p.seesAll() && !(stateless && p.parent() != nil) {
		return false
	}
`, ``}},
		[]test{e2e("A PleskServer with the credentials of a reseller does not take for gone what it is not shown any more")},
	},
	{
		"guid-proves-nothing", "the GUID of an object is not compared, so that a deletion takes what has its id and its name",
		[]edit{{identifyGo, `	case knowGUIDs:
		return sameGUID && (sameID || sameKey)
`, ``}},
		[]test{
			conformance(servicePlan, "is proven by two attributes, and no other is written to, when it was removed, and its id and its name were given again"),
			conformance(customer, "is proven by two attributes, and no other is written to, when it was removed, and its id and its name were given again"),
		},
	},
	{
		"write-by-id", "what has a GUID is written to and deleted by its id",
		[]edit{{"internal/engine/lookup.go", `	if id.GUID != "" {
		return byGUID(id.GUID), nil
	}
`, ``}},
		[]test{conformance(customer, "is written to, and deleted, by its GUID"), conformance(subscription, "is written to, and deleted, by its GUID")},
	},
	{
		"id-proves-all", "what has the recorded id is ours",
		[]edit{{identifyGo, `	return sameID && sameKey
`, `	return sameID
`}},
		[]test{conformance(mailAccount, "is proven by two attributes, and no other is written to, when its id and a neighbour's were exchanged on the server")},
	},
	{
		"adoption-does-not-compare", "adoption does not compare",
		[]edit{{adoptGo, `len(differing) > 0 {`, `len(differing) > 0 && false {`}},
		[]test{conformance(databaseUser, "leaves alone, with adoptionPolicy IfMatching, what is different")},
	},
	{
		"adoption-keeps-hash", "what is adopted with Always counts as having the password of the Secret",
		[]edit{{adoptGo, `if created || p.o.Common().AdoptionPolicy != v1alpha1.AdoptionPolicyAlways {`, `{`}},
		[]test{
			conformance(databaseUser, "has the password of its Secret written when adoptionPolicy Always takes it over, and with IfMatching only when that changes"),
			conformance(mailAccount, "has the password of its Secret written when adoptionPolicy Always takes it over, and with IfMatching only when that changes"),
		},
	},
	{
		"adoption-resends", "what is adopted as it is has its password written",
		[]edit{{adoptGo, `if created || p.o.Common().AdoptionPolicy != v1alpha1.AdoptionPolicyAlways {`, `if created {`}},
		[]test{conformance(customer, "has the password of its Secret written when adoptionPolicy Always takes it over, and with IfMatching only when that changes")},
	},
	{
		"mark-over-ours", "another owner's mark over ours does not matter",
		[]edit{{adoptGo, `	if v := p.markConflict(); v != nil {
		return v
	}
`, ``}},
		[]test{conformance(customer, "stops where somebody has put another mark over ours")},
	},
	{
		"parent-not-read", "what an object is to lie in is not read afresh before the add",
		[]edit{{createGo, `	if v := p.verifyParent(ctx); v != nil {
		return v
	}
`, ``}},
		[]test{e2e("Databases whose ids have changed places get no users that are another one's, and are found again")},
	},
	{
		"parent-not-read-again", "what an object lies in is not read afresh before a write that names it by an id",
		[]edit{{convergeGo, `		if v := p.verifyParent(ctx); v != nil {
			return nil, v
		}
`, ``}},
		[]test{e2e("Users who have changed places with their databases are written to only when it is known which is whose")},
	},
	{
		"parent-moved", "what an object lies in may be recorded under another id than the reference was resolved to",
		[]edit{{parentGo, `if target != nil && described(target.State()) == p.inputs.Ref(m.Path).Identity {`, `if target != nil {`}},
		[]test{unit(engine, "TestParentThatMovedWhileAPassWasUnderWay")},
	},
	{
		"parent-replaced", "an object follows its reference to whatever it leads to by now",
		[]edit{{parentGo, `case !onServer(p.o), s.Parent == nil:`, `case true:`}},
		[]test{e2e("A subscription that was made anew for another domain takes no database of the old one along")},
	},
	{
		"moved-back", "what has the recorded id and name is ours wherever it lies",
		[]edit{{"internal/engine/own.go", `if v := p.inPlace(ctx); v != nil {`, `if v := p.inPlace(ctx); v != nil && false {`}},
		[]test{conformance(database, "is neither moved nor deleted when it is found in something else than was recorded")},
	},
	{
		"same-id", "the id of an object that bears another GUID proves that it is ours",
		[]edit{{adoptGo, `p.found.GUID == s.GUID || p.bearer`, `p.found.GUID == s.GUID || p.found.ID == s.ID || p.bearer`}},
		[]test{conformance(customer, "is left alone when it was removed, and its id and its name were given again to one that is as the spec says")},
	},
	{
		"spelling", "a login in capitals is another key",
		[]edit{{"internal/controller/target/keys.go", `strings.ToLower(form.SingleBlanks(login))`, `strings.ToValidUTF8(form.SingleBlanks(login), "")`}},
		[]test{e2e("Spellings that are one to the server are one key to the operator")},
	},
	{
		"gone-made-anew", "what held data and was deleted on the server is made anew, empty",
		[]edit{{vanishedGo, `	return stateless ||`, `	return true ||`}},
		[]test{conformance(mailAccount, "is made again, once, when somebody removed it from the server")},
	},
	{
		"recreation-policy-ignored", "the recreationPolicy of a resource is ignored",
		[]edit{{vanishedGo, `	if own := p.o.Common().RecreationPolicy; own != nil {
		return *own == v1alpha1.RecreationPolicyRecreate
	}
`, ``}},
		[]test{unit(engine, "TestWhatIsMadeAnew"), e2e("What was deleted on the server comes back where the resource says so")},
	},

	// What is destroyed.
	{
		"empty-filter", "a deletion is sent with an empty filter, and the encoder does not refuse it",
		[]edit{
			{"internal/controller/account/customer.go", `	f, err := engine.FilterOf(customer.ByGUID, customer.ByID, found.Identity)
`, `	f, err := xmlapi.Filter{}, error(nil)
`},
			{"internal/xmlapi/filter.go", `	case len(f.values) == 0:
		return errEmptyFilter
`, ``},
		},
		[]test{unit("internal/xmlapi", "TestNoWriteCanMeanEverything"), conformance(customer, "is deleted with its resource, and nothing else is")},
	},
	{
		"contents-not-asked", "what lies in an object is not asked before its deletion",
		[]edit{{deleteGo, `	along, v := p.contents(ctx, found)
	if v != nil {
		return v
	}
`, `	along := 0
`}},
		[]test{
			conformance(subscription, "is not deleted with what nobody describes, but by a permit for exactly that"),
			conformance(database, "is not deleted with what nobody describes, but by a permit for exactly that"),
		},
	},
	{
		"children-ignored", "a deletion does not wait for what refers to the object",
		[]edit{{deleteGo, `	if len(names) > 0 {`, `	if len(names) > 0 && false {`}},
		[]test{conformance(database, "holds back the deletion of what it lies in while it is being made")},
	},
	{
		"delete-error-ignored", "an error of a deletion is ignored",
		[]edit{{deleteGo, `	if err := p.maker().Delete(ctx, p.doer, found); err != nil && !xmlapi.IsNotFound(err) {
		return p.fail(err)
	}
	p.metrics.write(p.kindName, "delete")
	left, v := p.lookUp(ctx, Handle{Identity: found.Identity, Was: found.Key})
	if v != nil {
		return v
	}
	if left != nil && left.same(found.Identity) {
		return p.fail(fmt.Errorf("%q was deleted and is still there: trying again", found.Key.Name))
	}
`, `	_ = p.maker().Delete(ctx, p.doer, found)
`}},
		[]test{conformance(mailAccount, "says what each error code means at each operation, and recovers")},
	},
	{
		"retain-ignored", "the deletionPolicy Retain of a resource is ignored",
		[]edit{{deleteGo, `!p.managed() || retains(p.o.Common().DeletionPolicy)`, `!p.managed()`}},
		[]test{conformance(database, "stays on the server with deletionPolicy Retain")},
	},
	{
		"deletions-not-counted", "deletions are not saved before they are done",
		[]edit{{"internal/engine/budget.go", `	if err := save(counts); err != nil {
		return 0, false, err
	}
`, ``}},
		[]test{unit(engine, "TestDeletionBudget")},
	},

	// Who may.
	{
		"suspend-ignored", "what is suspended is written",
		[]edit{{passGo, `	if p.o.Common().Paused(p.clock.Now()) {`, `	if p.o.Common().Suspend && false {`}},
		[]test{conformance(zone, "is not changed under suspend, nor deleted")},
	},
	{
		"found-reason-lifted", "a reason that was set on the server before a PleskSuspension is taken for ours",
		[]edit{{suspendGo, `set && s.wanted && (s.record == nil || s.record.Found || s.record.Lost)`, `set && s.wanted && s.record != nil && s.record.Found`}},
		[]test{unit(engine, "TestSuspensionConverges"), conformance(customer, "stays out of service where somebody else had put it there")},
	},
	{
		"lost-reason-lifted", "a reason that is there again after ours was seen to be gone is taken for ours",
		[]edit{{suspendGo, `case s.record.Found || s.record.Lost:`, `case s.record.Found:`}},
		[]test{unit(engine, "TestSuspensionIsDecided")},
	},
	{
		"others-reasons-lost", "a resume does not put back what others have set",
		[]edit{{suspendGo, `append([]xmlapi.Status{0}, others.Each()...)`, `[]xmlapi.Status{0}`}},
		[]test{unit(engine, "TestSuspensionConverges"), conformance(subscription, "keeps the reasons of others when it is resumed")},
	},
	{
		"billing-reverted", "what a billing system decides is written back",
		[]edit{{passGo, `		p.want, p.theirs = splitLifecycle(p.want)
`, `		_, p.theirs = splitLifecycle(p.want)
`}},
		[]test{conformance(subscription, "is made, decided about and removed by a billing system where its server says so, and the rest is as the spec says")},
	},
	{
		"plan-not-awaited", "a plan is carried out without an approval",
		[]edit{{convergeGo, `	case !p.managed():`, `	case false:`}},
		[]test{conformance(mailAccount, "is not changed under managementPolicy Plan, nor deleted")},
	},
	{
		"token-not-compared", "the token of a permit is not compared",
		[]edit{{permitGo, `a.Spec.Permit == permit && a.Spec.Token == token`, `a.Spec.Permit == permit`}},
		[]test{conformance(zone, "is changed by an approved plan, once, and by no other approval")},
	},
	{
		"used-permit-counts", "an approval that was used counts again where the status has lost that",
		[]edit{{permitGo, `a.DeletionTimestamp == nil && a.Status.UsedAt == nil`, `a.DeletionTimestamp == nil`}},
		[]test{unit(engine, "TestApprovalsAreMarkedAsUsed"), e2e("A plan that was approved once is not carried out a second time, also after the status has lost that")},
	},
	{
		"secrets-not-learned", "a pass that writes no secret does not know what the server must not be heard saying",
		[]edit{{valuesGo, `			p.hidden = append(p.hidden, hiddenOf(r)...)
`, ``}},
		[]test{conformance(customer, "is changed as the spec says, and no other is, after answers that lack ids, come twice, or quote its password")},
	},
	{
		"opaque-matches", "what shows nothing but its name is taken for what the spec says",
		[]edit{{adoptGo, `	if p.opaque() {
		return refuse(`, `	if false {
		return refuse(`}},
		[]test{unit(engine, "TestOpaqueObjectsAreTakenOverWithAlwaysOnly"), conformance(certificate, "leaves alone, with adoptionPolicy IfMatching, what is identical")},
	},
	{
		"opaque-deleted", "what shows nothing but its name is deleted by a resource that has not made it",
		[]edit{{opaqueGo, `if !ok || *k.Made(p.o) || p.o.State().ID == "" && p.asBegun(found) {`, `if !ok || *k.Made(p.o) || true {`}},
		[]test{unit(engine, "TestOpaqueObjectsAreDeletedByTheirMaker"), conformance(certificate, "adopts, with adoptionPolicy Always, what is identical")},
	},
	{
		"other-namespaces", "what resources of other namespaces describe is within reach",
		[]edit{{tenantsGo, `		if len(holders) > 0 {
			return "it is not this namespace's", nil
		}
`, ``}},
		[]test{
			conformance(mailAccount, "is not put by a tenant into what a resource of another namespace describes, with managementPolicy Managed"),
			conformance(zone, "is not put by a tenant into what a resource of another namespace describes, with managementPolicy Managed"),
		},
	},
	{
		"owner-by-login", "an owner that the server shows by its login alone is nobody's",
		[]edit{{claimsGo, `	if of.ID == "" && of.GUID == "" && of.Key.Name != "" {
`, `	if false {
`}},
		[]test{e2e("A reseller keeps what is theirs from tenants, however these name it")},
	},
	{
		"privileges-ignored", "fields that are not for tenants are written for them",
		[]edit{{tenantsGo, `	if len(fields) == 0 {
		return nil
	}
`, `	if len(fields) >= 0 {
		return nil
	}
`}},
		[]test{unit(engine, "TestTenantsCreateNothingPrivileged")},
	},
	{
		"descriptors-ignored", "what the server does not have is sent to it",
		[]edit{{describedGo, `	return p.askDescriptors(ctx, values)
`, `	_ = p.askDescriptors
	return nil
`}},
		[]test{unit(engine, "TestNothingIsCreatedThatTheServerDoesNotHave"), conformance(servicePlan, "is neither made nor changed to what its server does not have, and is told which field says so")},
	},
	{
		"unknown-is-refused", "what the server's descriptors do not tell is refused",
		[]edit{{describedGo, `		if in == nil {
			continue
		}
`, `		if in == nil {
			in = &hosting.Descriptor{}
		}
`}},
		[]test{unit(engine, "TestWhatCannotBeKnownIsNotRefused")},
	},
	{
		"refused-by-old-descriptors", "a value is refused for what the server had minutes ago",
		[]edit{{describedGo, `[]time.Duration{session.DescriptorAge, refusingAge}`, `[]time.Duration{session.DescriptorAge}`}},
		[]test{unit(engine, "TestRefusalsComeFromWhatIsKnownNow")},
	},
	{
		"two-holders", "a Plesk that another PleskServer manages is managed",
		[]edit{{"internal/controller/server/holder.go", `		if exists, err := h.exists(ctx, is); err != nil || exists {
			return is, guid, err
		}
`, ``}, {"internal/controller/server/holder.go", `	if exists, err := h.exists(ctx, is); err != nil || exists {
		return is, false, err
	}
`, ``}},
		[]test{unit("internal/controller/server", "TestOneOfManyHolds"), e2e("A second PleskServer for one Plesk owns nothing there, whatever its host is called, until the first one leaves")},
	},
	{
		"lease-not-proven", "a leader writes without having proven its lease",
		[]edit{{"internal/engine/servers.go", `to.Addresses, to.BeforeWrite = s.Reach.Addresses, s.Fence`, `to.Addresses = s.Reach.Addresses`}},
		[]test{unit("test/chaos", "TestALeaderThatWasFrozenWritesNothing")},
	},
	{
		"lease-for-ever", "a lease that was renewed once counts for ever",
		[]edit{{"cmd/manager/fence.go", `f.renewed == nil || f.now().since(*f.renewed) >= f.deadline`, `f.renewed == nil`}},
		[]test{unit("cmd/manager", "TestFence")},
	},

	// Secrets.
	{
		"credentials-unbound", "credentials are sent wherever spec.url says",
		[]edit{{"internal/engine/credentials.go", `	if err := bound(srv, credentials); err != nil {
		return c, err
	}
`, ``}},
		[]test{unit(engine, "TestConnectionTo"), e2e("Credentials stay where they are when spec.url is edited, until their Secret names the new server")},
	},
	{
		"secret-printed", "a secret prints as it is",
		[]edit{{"internal/xmlapi/secret.go", `func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }`,
			`func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, string(s)) }`}},
		[]test{unit("internal/xmlapi", "TestSecretsAreNeverPrinted")},
	},
	{
		"text-not-fit", "what a server says is shown as it is",
		[]edit{{"internal/session/fit.go", `	unread := len(text) > readBytes
`, `	if text != "" {
		return text
	}
	unread := len(text) > readBytes
`}},
		[]test{unit(session, "TestFit"), e2e("Credentials are not shown when the server tells them again, and its texts are short enough to be kept")},
	},
	{
		"password-replaced", "a password whose Secret has disappeared is replaced by a new one",
		[]edit{{valuesGo, `		if _, had := s.Inputs[pathOf(m)]; had && !deleting(p.o) {`, `		if _, had := s.Inputs[pathOf(m)]; had && !m.Generate {`}},
		[]test{conformance(databaseUser, "gets no new password when its Secret disappears")},
	},
	{
		"secret-before-deletion", "what was begun is not deleted while its Secret is missing",
		[]edit{{valuesGo, `had && !deleting(p.o) {`, `had {`}},
		[]test{e2e("A lost create that is deleted together with its Secret leaves nothing on the server")},
	},
	{
		"connection-by-name", "the connection of an earlier resource of the same name is deleted, too",
		[]edit{{secretsGo, `is[v1alpha1.AnnotationConnectionOf] == of.String() && is[v1alpha1.AnnotationConnectionUID] == string(of.uid)`, `is[v1alpha1.AnnotationConnectionOf] == of.String()`}},
		[]test{unit(engine, "TestConnectionsAreRemovedByKindNameAndUID"), e2e("A connection Secret goes with its object, as do those under its earlier names, and no other")},
	},
	{
		"connection-of-what-stays", "the connection to what stays on the server is deleted",
		[]edit{{deleteGo, `	if !p.stays {`, `	if p.serverName.Name != "" {`}},
		[]test{e2e("A PleskServer with the credentials of a reseller leaves the connection to what it is not shown any more")},
	},
	{
		"shared-secret-asleep", "what the operator writes into a Secret wakes nobody",
		[]edit{{secretsGo, `last.version == secret.GetResourceVersion() && last.by.kind == kind && last.by.name == name`, `last.version == secret.GetResourceVersion()`}},
		[]test{unit(engine, "TestOwnWritesDoNotWakeTheirAuthor")},
	},
	{
		"guess-told", "what the spec says is shown without the secrets that it resembles",
		[]edit{{"internal/session/fit.go", `	text = replace(text, notWithin(found, views, written))
`, `	text = replace(text, found)
`}},
		[]test{unit(session, "TestFitTellsNoGuessFromAnother"), unit(engine, "TestGuessesInASpecTellNothing")},
	},

	// What several have recorded, and second thoughts.
	{
		"no-last-look", "nothing is asked right before a write leaves",
		[]edit{{connectGo, `	p.doer.BeforeWrite(p.lastLook)
`, ``}},
		[]test{conformance(database, "is not deleted when that was forbidden while the server took its time")},
	},
	{
		"copy-deletes", "a copy of a resource with its status deletes the object",
		[]edit{{deleteGo, `	if leave, v := p.mayDelete(ctx, found); leave || v != nil {
		return v
	}
`, ``}},
		[]test{conformance(database, "stays, and its resource goes on, when a copy with its status in another namespace is deleted")},
	},
	{
		"copy-writes", "a copy of a resource with its status writes to the object",
		[]edit{{"internal/engine/own.go", `	if known {
		if v := p.onlyOwner(ctx); v != nil {
			return v
		}
	} else {
`, `	if !known {
`}},
		[]test{conformance(mailAccount, "is not written to by a copy with its status under another name")},
	},
	{
		"parent-not-verified-on-delete", "a deletion does not look what the object lies in",
		[]edit{{deleteGo, `	if v := p.verifyRecordedParent(ctx); v != nil {
		return nil, v
	}
`, ``}, {deleteGo, `	if away {`, `	if away && false {`}},
		[]test{e2e("An id and a name that are another subscription's by now are no reason to delete that one's database user")},
	},
	{
		"one-queue", "all servers share one queue",
		[]edit{{"internal/engine/queue.go", `	s := q.servers[r.server]
`, `	r.server = types.NamespacedName{}
	s := q.servers[r.server]
`}},
		[]test{unit(engine, "TestAServerThatHangsHoldsUpNoOther")},
	},
	{
		"door-not-asked-again", "what has waited is sent through a closed door",
		[]edit{{batcherGo, `		case s.closed != nil && !t.probes:
			t.done <- answer{err: &ClosedError{Cause: s.closed}}
`, ``}, {"internal/session/session.go", `	s.waiting.turnAway(cause)
`, ``}},
		[]test{unit(session, "TestWhatWaitsIsNotSentThroughAClosedDoor")},
	},
	{
		"refusal-is-everybodys", "who shares a packet shares its refusal",
		[]edit{{batcherGo, `e.MayBeOneOperation() && len(p.tickets) > 1`, `e.MayBeOneOperation() && len(p.tickets) > 100`}},
		[]test{unit(session, "TestARefusalOfThePacketIsThatOfItsCulprit")},
	},
	{
		"leaving-cancels", "a caller that leaves cancels what others wait for",
		[]edit{{batcherGo, `	case !slices.ContainsFunc(p.tickets, func(t *ticket) bool { return !t.left }):
`, `	default:
`}},
		[]test{unit(session, "TestACallerThatLeavesCancelsNobody")},
	},
	{
		"targets-mixed", "packets are shared whatever server they are for",
		[]edit{{batcherGo, ` &&
				!slices.ContainsFunc(out, func(o *ticket) bool { return !o.pin.Meets(t.pin) })`, ``}},
		[]test{unit(session, "TestPacketsAreSharedByThoseOfOneServer")},
	},
	{
		"list-is-believed", "what a list says is acted on",
		[]edit{{convergeGo, `	if p.listed && len(immutable)+len(held)+len(writable) > 0 {
		return unsure()
	}
`, ``}, {connectGo, `		p.doer.BeforeWrite(func() error { return errListed })
`, ``}},
		[]test{e2e("Lists and the event log takes nothing but silence from a list")},
	},
	{
		"gap-untold", "a gap in the event log passes for silence",
		[]edit{{"internal/controller/server/eventlog.go", `e.blind || l.ID < e.last || !e.continues(entries)`, `false`}},
		[]test{unit("internal/controller/server", "TestEvents")},
	},
	// Older servers.
	{
		"later-fields-sent", "what the server's version of the protocol lacks is sent to it",
		[]edit{{passGo, `	p.want, p.lacking = supported(p.whole, p.spoken)
`, `	p.want = p.whole
`}},
		[]test{e2e("An older protocol is spoken as it is, every kind has what it has, and what it lacks is named")},
	},
	{
		"later-fields-unsaid", "an object is Ready although some of its fields were left out",
		[]edit{{passGo, `	if v := p.unsupported(); v != nil {
		return *v
	}
`, ``}},
		[]test{e2e("An older protocol is spoken as it is, every kind has what it has, and what it lacks is named")},
	},
	{
		"log-asked-of-all", "the event log is asked of servers whose protocol has none",
		[]edit{{"internal/controller/server/probe.go", `	return spoken != "" && spoken.Has(eventlog.GetEvents.Name()) && spoken.Has(eventlog.GetLastID.Name())
`, `	_ = spoken
	return true
`}},
		[]test{e2e("An older protocol is spoken as it is, every kind has what it has, and what it lacks is named")},
	},
	{
		"operators-together", "reads of different operators share packets whatever the server understands",
		[]edit{{batcherGo, `(!apart || slices.Equal(out[0].operators(), t.operators())) && `, ``}},
		[]test{unit(session, "TestReadsOfDifferentOperatorsAreKeptApart")},
	},
	{
		"values-unbounded", "the values of an answer may take any memory",
		[]edit{{budgetGo, `	case a.kept > a.limit+readAhead:`, `	case false:`}},
		[]test{unit("internal/xmlapi", "TestWhatOneResultHoldsIsBounded")},
	},
	{
		"budget-not-asked", "large answers are read without asking the budget",
		[]edit{{budgetGo, `	if a.more != nil && a.giveBack == nil`, `	if false && a.giveBack == nil`}},
		[]test{unit("internal/xmlapi", "TestLargeAnswersStayWithinTheBudget")},
	},
	{
		"budget-of-one", "the answers of one server may take the whole budget",
		[]edit{{budgetGo, `share: bytes / 2}`, `share: bytes}`}},
		[]test{unit("internal/xmlapi", "TestLargeAnswersStayWithinTheBudget")},
	},
}
