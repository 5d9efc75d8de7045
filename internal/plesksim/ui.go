// The ui operator: custom buttons, the navigation, branding themes (operators-accounts-server §14, operators-services §17).

package plesksim

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
)

// uiState is what the ui operator keeps.
type uiState struct {
	CustomButtons    *table.Table[customButton]
	LastCustomButton int64
	Themes           map[int64]string // archives of branding themes by the vendor's account

	customButtonsByOwner *table.Index[customButton]
}

func newUIState() uiState {
	s := uiState{Themes: map[int64]string{}}
	s.CustomButtons = table.New(func(b *customButton) int64 { return b.ID })
	s.customButtonsByOwner = s.CustomButtons.Index(func(b *customButton) string { return idKey(b.Owner) })
	return s
}

// customButton is a link in the panel. It never changes.
type customButton struct {
	ID         int64
	Owner      int64 // an account
	Properties ui.CustomButtonProperties
	Components ui.URLComponents
}

func uiOperations() []operation {
	return []operation{
		one("ui/create-custombutton", administrator, uiCreateButton),
		many("ui/get-custombutton", administrator, uiGetButtons).optional(),
		many("ui/delete-custombutton", administrator, uiDeleteButtons).optional(),
		one("ui/get-navigation", administrator, uiGetNavigation),
		many("ui/branding-theme-install", administrator, uiInstallTheme),
		many("ui/branding-theme-uninstall", administrator, uiUninstallTheme),
	}
}

func uiCreateButton(c *call, req ui.CreateCustomButtonRequest) (ui.CustomButtonIDResult, error) {
	var none ui.CustomButtonIDResult
	owner := c.buttonOwner(req.Owner)
	if owner == nil {
		return none, refuse(xmlapi.CodeOwnerNotFound, "Owner does not exist")
	}
	p := req.Properties
	if u, err := url.Parse(p.URL); err != nil || p.URL == "" || u.Scheme == "" && !strings.HasPrefix(p.URL, "/") {
		return none, refuse(xmlapi.CodeInvalidValue, "The URL '%s' is invalid.", p.URL)
	}
	if strings.TrimSpace(p.Text) == "" {
		return none, refuse(xmlapi.CodeInvalidValue, "The text of the button is empty.")
	}
	b := &customButton{ID: next(&c.LastCustomButton), Owner: owner.ID, Properties: completeButton(p)}
	if req.URLComponents != nil {
		b.Components = *req.URLComponents
	}
	c.CustomButtons.Insert(b)
	return ui.CustomButtonIDResult{ID: b.ID}, nil
}

// completeButton fills in the default for everything that is absent, except for the picture.
func completeButton(p ui.CustomButtonProperties) ui.CustomButtonProperties {
	full := ui.CustomButtonProperties{
		SortKey: new(defaultSortKey), Help: new(""), Public: new(false), Internal: new(false), NoFrame: new(false),
		Place: p.Place, URL: p.URL, Text: p.Text,
	}
	full.File = p.File
	give(full.SortKey, p.SortKey)
	give(full.Help, p.Help)
	give(full.Public, p.Public)
	give(full.Internal, p.Internal)
	give(full.NoFrame, p.NoFrame)
	return full
}

// defaultSortKey is where the panel puts a button by default.
const defaultSortKey = 100

// buttonOwner is the account that the request names, nil if there is none of that kind.
func (c *call) buttonOwner(o ui.Owner) *account {
	id, kind := int64(adminID), kindAdmin
	switch {
	case o.CustomerID != nil:
		id, kind = *o.CustomerID, kindCustomer
	case o.ResellerID != nil:
		id, kind = *o.ResellerID, kindReseller
	}
	if a := c.Accounts.Get(id); a != nil && a.Kind == kind {
		return a
	}
	return nil
}

// shownOwner names an account as this operator does.
func (c *call) shownOwner(id int64) ui.Owner {
	switch c.Accounts.Get(id).Kind {
	case kindCustomer:
		return ui.Owner{CustomerID: new(id)}
	case kindReseller:
		return ui.Owner{ResellerID: new(id)}
	}
	return ui.Owner{Admin: &xmlapi.Empty{}}
}

// eachButton answers for each button that the filter names, in its order. An owner without buttons gets no result.
func eachButton[Res any](c *call, f ui.CustomButtonFilter, act func(*customButton) Res, fail func(id int64, err error) Res) []Res {
	var results []Res
	for _, id := range f.IDs {
		if b := c.CustomButtons.Get(id); b != nil {
			results = append(results, act(b))
		} else {
			results = append(results, fail(id, refuse(xmlapi.CodeNotFound, "The custom button %d does not exist.", id)))
		}
	}
	for _, o := range f.Owners {
		owner := c.buttonOwner(o)
		if owner == nil {
			results = append(results, fail(0, refuse(xmlapi.CodeOwnerNotFound, "Owner does not exist")))
			continue
		}
		for _, b := range c.customButtonsByOwner.All(idKey(owner.ID)) {
			results = append(results, act(b))
		}
	}
	return results
}

func uiGetButtons(c *call, req ui.GetCustomButtonRequest) ([]ui.CustomButtonResult, error) {
	return eachButton(c, req.Filter, func(b *customButton) ui.CustomButtonResult {
		return ui.CustomButtonResult{CustomButton: &ui.CustomButton{
			ID: b.ID, Owner: c.shownOwner(b.Owner), Properties: b.Properties, URLComponents: b.Components,
		}}
	}, func(_ int64, err error) ui.CustomButtonResult { // the grammar has no place for an id alone
		return ui.CustomButtonResult{Result: c.failure(err)}
	}), nil
}

func uiDeleteButtons(c *call, req ui.DeleteCustomButtonRequest) ([]ui.CustomButtonIDResult, error) {
	return eachButton(c, req.Filter, func(b *customButton) ui.CustomButtonIDResult {
		c.CustomButtons.Remove(b)
		return ui.CustomButtonIDResult{ID: b.ID}
	}, func(id int64, err error) ui.CustomButtonIDResult {
		return ui.CustomButtonIDResult{Result: c.failure(err), ID: id}
	}), nil
}

// removeLooks removes what an account added to the panel.
func (c *call) removeLooks(a *account) {
	for _, b := range c.customButtonsByOwner.All(idKey(a.ID)) {
		c.CustomButtons.Remove(b)
	}
	delete(c.Themes, a.ID)
}

// vendors says how the accounts whose users see a theme are found: the administrator and resellers.
func (c *call) vendors() finder[account] {
	none := refuse(xmlapi.CodeNotFound, "The vendor does not exist.")
	return finder[account]{
		table: c.Accounts,
		find: func(_, login string) ([]*account, error) {
			if a := c.accountBy("login", login); a != nil && a.Kind != kindCustomer {
				return []*account{a}, nil
			}
			return nil, none
		},
		sees:    c.seesAccount,
		missing: func() *refusal { return none },
	}
}

// uiInstallTheme gives vendors a theme. The server's disk holds every archive: only names that cannot be one's are refused.
func uiInstallTheme(c *call, req ui.BrandingThemeInstallRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.vendors(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		if !strings.HasSuffix(strings.ToLower(req.Path), ".zip") {
			return xmlapi.FilterResult{}, refuse(xmlapi.CodeInvalidValue, "The theme '%s' is no archive.", req.Path)
		}
		c.Themes[a.ID] = req.Path
		return xmlapi.FilterResult{}, nil
	})
}

func uiUninstallTheme(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.vendors(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		delete(c.Themes, a.ID)
		return xmlapi.FilterResult{}, nil
	})
}

// section is a part of the panel's menu: its label, and its links by their names.
type section struct {
	id, label string
	links     map[string]string
}

// navigation is the panel's menu for the administrator.
var navigation = []section{
	{"general", "General", map[string]string{
		"admin.home": "/smb/", "admin.subscriptions": "/admin/subscription/list", "admin.domains": "/admin/domain/list",
		"admin.customers": "/admin/customer/list", "admin.resellers": "/admin/reseller/list", "admin.service-plans": "/admin/customer-service-plan/list",
		"admin.tools": "/admin/server/tools",
	}},
	{"hosting", "Hosting Services", map[string]string{
		"domain.hosting": "/smb/web/settings", "domain.mail": "/smb/email-address/list", "domain.databases": "/smb/database/list",
		"domain.files": "/smb/file-manager/list", "domain.dns": "/smb/dns-zone/records-list",
	}},
}

// uiGetNavigation writes the menu, and the administrator's buttons in it, as PHP's serialize does: each section is an array with its
// name and the list of its nodes (operators-services §17).
func uiGetNavigation(c *call, _ xmlapi.EmptyRequest) (ui.GetNavigationResult, error) {
	var sections []string
	for _, s := range navigation {
		links := maps.Clone(s.links)
		if s.id == "general" {
			for _, b := range c.CustomButtons.All() {
				if b.Owner == adminID && b.Properties.Place == ui.PlaceNavigation {
					links[fmt.Sprintf("custom-button-%d", b.ID)] = b.Properties.URL
				}
			}
		}
		var nodes []string
		for i, name := range slices.Sorted(maps.Keys(links)) {
			nodes = append(nodes, fmt.Sprintf("i:%d;", i), phpArray(phpString("name"), phpString(name), phpString("link"), phpString(links[name])))
		}
		sections = append(sections, phpString(s.id), phpArray(phpString("name"), phpString(s.label), phpString("nodes"), phpArray(nodes...)))
	}
	return ui.GetNavigationResult{Navigation: base64.StdEncoding.EncodeToString([]byte(phpArray(sections...)))}, nil
}

func phpString(s string) string { return "s:" + strconv.Itoa(len(s)) + `:"` + s + `";` }

// phpArray serializes an array of keys and values, each followed by the other.
func phpArray(items ...string) string {
	return fmt.Sprintf("a:%d:{%s}", len(items)/2, strings.Join(items, ""))
}
