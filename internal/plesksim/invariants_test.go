// What must hold in every state, whatever was sent before: indexes that follow their tables, references to what exists, names
// that are there once.

package plesksim

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
)

// checkState checks the whole state.
func checkState(t *testing.T, st *state) {
	t.Helper()
	tables := map[string]audited{}
	tablesOf(reflect.ValueOf(st).Elem(), tables)
	ids := map[string]map[int64]bool{}
	for name, rows := range tables {
		ids[name] = map[int64]bool{}
		rows.EachValue(func(row reflect.Value) { ids[name][row.FieldByName("ID").Int()] = true })
	}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		if err := tables[name].Audit(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		tables[name].EachValue(func(row reflect.Value) {
			for field, target := range references {
				if f := row.FieldByName(field); f.IsValid() && f.Kind() == reflect.Int64 && f.Int() != 0 && !ids[target][f.Int()] {
					t.Errorf("%s %v has the %s %d, which does not exist", name, row.FieldByName("ID"), field, f.Int())
				}
			}
		})
	}
	checkDomains(t, st)
	checkAccounts(t, st)
	checkPlans(t, st)
}

// references are the fields that hold ids, with the tables of what they name. 0 names nothing.
var references = map[string]string{
	"Webspace": "Webspaces", "Site": "Sites", "Parent": "Sites", "Alias": "Aliases", "Zone": "Zones", "Plan": "Plans",
	"Owner": "Accounts", "Database": "Databases", "DefaultUser": "DatabaseUsers", "Directory": "ProtectedDirs",
}

// audited is a table of any rows.
type audited interface {
	Audit() error
	EachValue(visit func(row reflect.Value))
}

// tablesOf collects the tables in a struct and those embedded in it, by field name.
func tablesOf(v reflect.Value, out map[string]audited) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case f.Anonymous:
			tablesOf(v.Field(i), out)
		case f.IsExported():
			if rows, ok := v.Field(i).Interface().(audited); ok {
				out[f.Name] = rows
			}
		}
	}
}

// checkDomains checks sites, subscriptions and their zones.
func checkDomains(t *testing.T, st *state) {
	t.Helper()
	names := map[string]bool{}
	unique := func(name string) {
		if names[name] {
			t.Errorf("%s is there twice", name)
		}
		names[name] = true
	}
	for _, d := range st.Sites.All() {
		unique(d.ASCIIName)
		if (d.Kind == mainSite) != (d.ID == d.Webspace) || d.Webspace == 0 {
			t.Errorf("site %d of kind %v is in subscription %d", d.ID, d.Kind, d.Webspace)
		}
	}
	for _, a := range st.Aliases.All() {
		unique(a.ASCIIName)
	}
	for _, w := range st.Webspaces.All() {
		d := st.Sites.Get(w.ID)
		switch {
		case d == nil:
			t.Errorf("subscription %d has no main site", w.ID)
		case w.IPv4 == "" && w.IPv6 == "":
			t.Errorf("subscription %d has no address", w.ID)
		case w.Owner == 0:
			t.Errorf("subscription %d has no owner", w.ID)
		case w.Plan == 0 && (w.Locked || w.Undelivered != "" || len(w.Addons) > 0):
			t.Errorf("custom subscription %d is linked", w.ID)
		}
		if w.SystemUser != "" {
			unique("user " + w.SystemUser)
		}
	}
}

// checkAccounts checks who belongs to whom.
func checkAccounts(t *testing.T, st *state) {
	t.Helper()
	logins := map[string]bool{}
	for _, a := range st.Accounts.All() {
		if logins[foldName(a.Login)] {
			t.Errorf("the login %s is there twice", a.Login)
		}
		logins[foldName(a.Login)] = true
		owner := st.Accounts.Get(a.Owner)
		if (owner == nil) != (a.ID == adminID) || owner != nil && (owner.Kind == kindCustomer || a.Kind == kindReseller && owner.ID != adminID) {
			t.Errorf("account %d of kind %v belongs to %d", a.ID, a.Kind, a.Owner)
		}
	}
	checkResellers(t, st)
}

// checkResellers checks what resellers have and nobody else: plans, limits, addresses. An exclusive address is in one pool.
func checkResellers(t *testing.T, st *state) {
	t.Helper()
	pools := map[string]int{}
	for _, a := range st.Accounts.All() {
		p := st.Plans.Get(a.Plan)
		switch {
		case a.Kind != kindReseller && (a.Plan != 0 || a.Locked || a.Undelivered != "" || a.Limits != nil || a.Permissions != nil || a.Addresses != nil):
			t.Errorf("account %d of kind %v has what resellers have", a.ID, a.Kind)
		case a.Plan != 0 && p.Kind != resellerPlan, a.Plan == 0 && (a.Locked || a.Undelivered != ""):
			t.Errorf("reseller %d has the plan %d, locked %v, lacks %q", a.ID, a.Plan, a.Locked, a.Undelivered)
		}
		for _, given := range a.Addresses {
			pools[given.Address]++
			if st.addressOf(given.Address) == nil {
				t.Errorf("reseller %d may give away %s, which does not exist", a.ID, given.Address)
			}
		}
	}
	for _, a := range st.Accounts.All() {
		for _, given := range a.Addresses {
			if given.Type == ip.Exclusive && pools[given.Address] > 1 {
				t.Errorf("%s is exclusive and in %d pools", given.Address, pools[given.Address])
			}
		}
	}
	for _, w := range st.Webspaces.All() {
		for _, address := range w.addresses() {
			if _, err := st.fromPool(st.Accounts.Get(w.Owner), address); err != nil {
				t.Errorf("subscription %d is on an address out of reach: %v", w.ID, err)
			}
		}
	}
}

// checkPlans checks who offers what to whom.
func checkPlans(t *testing.T, st *state) {
	t.Helper()
	names := map[string]bool{}
	for _, p := range st.Plans.All() {
		key := fmt.Sprint(p.Kind, p.Owner, p.Name)
		if names[key] {
			t.Errorf("the plan %s is there twice", p.Name)
		}
		names[key] = true
		if owner := st.Accounts.Get(p.Owner); owner == nil || owner.Kind == kindCustomer {
			t.Errorf("plan %d belongs to %d", p.ID, p.Owner)
		}
	}
	for _, w := range st.Webspaces.All() {
		provider := st.provider(st.Accounts.Get(w.Owner)).ID
		if p := st.Plans.Get(w.Plan); w.Plan != 0 && (p.Kind != servicePlan || p.Owner != provider) {
			t.Errorf("subscription %d of provider %d has the plan %d", w.ID, provider, w.Plan)
		}
		for _, id := range w.Addons {
			if p := st.Plans.Get(id); p == nil || p.Kind != addonPlan || p.Owner != provider {
				t.Errorf("subscription %d of provider %d has the add-on plan %d", w.ID, provider, id)
			}
		}
	}
}
