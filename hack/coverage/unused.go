// Why no kind uses an operation: what it does is no state, another operation does it, or it is left out.

package main

import "path"

// unused are the reasons, by a pattern of OPERATOR/OPERATION; the first that matches counts.
var unused = []struct{ pattern, why string }{
	// Acts: they happen once, so there is nothing that could be declared.
	{"server/create_session", "an act: `kubectl plesk login`"},
	{"session/*", "an act: `kubectl plesk act sessions` and `end-session`"},
	{"server/reboot", "an act: restarts the machine"},
	{"server/srv_man", "an act: starts and stops services"},
	{"server/clean-mail-queue", "an act: empties the queue of mail"},
	{"server/*-admin-alias", "an act: `kubectl plesk act admin-alias`; no operation shows what there is, so nothing could be compared"},
	{"server/initial_setup", "an act: comes before there are credentials for a PleskServer"},
	{"server/lic*", "an act: licences are the vendor's, and end with a server's life"},
	{"server/*_additional_key", "an act: licences are the vendor's, and end with a server's life"},
	{"server/domain-restriction-rename", "superseded: a name that changes is removed and added"},
	{"customer/convert-to-reseller", "an act: makes another kind of what a resource describes"},
	{"reseller/convert-to-customer", "an act: makes another kind of what a resource describes"},
	{"reseller/sync-subscription", "an act: takes the plan's values again, whatever was set since"},
	{"*/duplicate", "an act: a second resource with the same fields is the same"},
	{"certificate/generate", "an act: a key that is made on the server would have to be read from it; keys come from Secrets"},
	{"dns/sync-with-template", "an act: would take back what zones own"},

	// Superseded: the kind's own operation does it, too.
	{"subdomain/add", "superseded: `site/add` with a parent site, which has a GUID and takes a mark"},
	{"subdomain/set", "superseded: `site/set`"},
	{"subdomain/rename", "superseded: `site/set`"},
	{"subdomain/del", "superseded: `site/del`"},
	{"mail/update/add", "superseded: `mail/update/set` with the whole list, which can be compared"},
	{"mail/enable", "superseded: `mail/set_prefs`"},
	{"mail/disable", "superseded: `mail/set_prefs`"},
	{"*/*-plan-item", "left out: plan items are the extensions' own, without a list of what they may be"},
	{"*/db-servers/*", "left out: database servers of a plan or subscription; its databases name theirs"},
	{"event_log/get", "superseded: `event_log/get_events` begins where it was left"},

	// Left out.
	{"customer/change-owner", "left out: `resellerRef` is immutable; a move takes the subscriptions along, to the new owner's addresses and off their plans"},
	{"aps/*", "left out: applications of the APS catalogue are not described"},
	{"*/*-package", "left out: applications of the APS catalogue are not described"},
	{"*/*-aps-filter", "left out: applications of the APS catalogue are not described"},
	{"ui/branding-theme-*", "left out: a theme is an archive on the server's own disk"},
	{"server/*_misc", "left out: notes of other programs, kept with the server for them"},
	{"server/set-ppb-connection", "left out: legacy"},
	{"*/set_traffic", "left out: traffic is counted, not wished"},
	{"business-logic-upgrade/*", "left out: the server's own, without a documented content"},
	{"extension/call", "left out: what an extension takes and answers is its own"},

	// Read only.
	{"*/get*", "reads what no kind needs"},
	{"*/cform*buttons*list", "reads what no kind needs"},
}

// whyUnused is why no kind uses an operation, "" where that is not known.
func (r row) whyUnused() string {
	if len(r.users) > 0 {
		return ""
	}
	for _, u := range unused {
		if r.matches(u.pattern) {
			return u.why
		}
	}
	return ""
}

func (r row) matches(pattern string) bool {
	yes, err := path.Match(pattern, r.operator+"/"+r.name)
	return yes && err == nil
}
