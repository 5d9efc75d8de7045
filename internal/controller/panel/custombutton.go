// PleskCustomButton: operator `ui`, natural key owner, place, text and URL.

package panel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskcustombuttons,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskcustombuttons/status,verbs=get;update;patch

// CustomButton is the kind PleskCustomButton. It holds no data, and does not come back by itself all the same: the server takes a button twice, so an answer
// that it is gone, and is wrong, would leave two.
type CustomButton struct{}

var (
	_ engine.Kind[*v1alpha1.PleskCustomButton, customButtonValue] = CustomButton{}
	_ engine.Maker[customButtonValue]                             = CustomButton{}
	_ engine.Lister[customButtonValue]                            = CustomButton{}
	_ engine.Normalizer[customButtonValue]                        = CustomButton{}
	_ engine.Privileged[customButtonValue]                        = CustomButton{}
	_ engine.ServerScoped                                         = CustomButton{}
	_ engine.Named                                                = CustomButton{}
	_ engine.Blamer                                               = CustomButton{}
)

// customButtonValue is what a custom button is on the wire. The server changes nothing of one.
type customButtonValue struct {
	Customer    *engine.Link `plesk:"customerRef,immutable"`
	Reseller    *engine.Link `plesk:"resellerRef,immutable,privileged"`
	Place       *string      `plesk:"place,immutable"`
	Text        *string      `plesk:"text,immutable"`
	URL         *string      `plesk:"url,immutable"`
	Components  []string     `plesk:"urlComponents,immutable"`
	Help        *string      `plesk:"helpText,immutable"`
	SortKey     *int         `plesk:"sortKey,immutable"`
	Icon        *string      `plesk:"icon,immutable"`
	Public      *bool        `plesk:"public,immutable"`
	OpenInPanel *bool        `plesk:"openInPanel,immutable"`
	NoFrame     *bool        `plesk:"noFrame,immutable"`

	owner ui.Owner
	seen  *v1alpha1.ObservedCustomButton // as found, for status.observed
}

var customButtonPlaces = form.Words{
	{string(v1alpha1.CustomButtonNavigation), ui.PlaceNavigation},
	{string(v1alpha1.CustomButtonCustomer), ui.PlaceClient},
	{string(v1alpha1.CustomButtonDomain), ui.PlaceDomain},
	{string(v1alpha1.CustomButtonDomainProperties), ui.PlaceDomainProperties},
	{string(v1alpha1.CustomButtonAdmin), ui.PlaceAdmin},
	{string(v1alpha1.CustomButtonAdminSettings), ui.PlaceAdminSettings},
	{string(v1alpha1.CustomButtonReseller), ui.PlaceReseller},
	{string(v1alpha1.CustomButtonResellerSettings), ui.PlaceResellerSettings},
}

const (
	customButtonCustomer = "spec.customerRef"
	customButtonReseller = "spec.resellerRef"
)

func (CustomButton) Roles() []v1alpha1.ServerRole { return engine.ForAdministrators }

// Refs leads to whose button it is. Nothing of it lies in that account: a button that goes with its owner is no loss.
func (CustomButton) Refs() []engine.Ref[*v1alpha1.PleskCustomButton] {
	type O = *v1alpha1.PleskCustomButton
	return []engine.Ref[O]{
		{Field: customButtonCustomer, Target: target.Customers, Get: func(o O) []engine.Mention { return target.Mention(o.Spec.CustomerRef) },
			Set: func(o O, m []engine.Mention) { o.Spec.CustomerRef = target.Reference(m) }},
		{Field: customButtonReseller, Target: target.Resellers, Get: func(o O) []engine.Mention { return target.Mention(o.Spec.ResellerRef) },
			Set: func(o O, m []engine.Mention) { o.Spec.ResellerRef = target.Reference(m) }},
	}
}

func (CustomButton) ServerScoped() {}

func (CustomButton) Desired(o *v1alpha1.PleskCustomButton, in engine.Inputs) (engine.Key, customButtonValue, error) {
	s := &o.Spec
	w := customButtonValue{
		Place: (*string)(&s.Place), Text: &s.Text, URL: &s.URL, Help: s.HelpText, Icon: s.Icon, Public: s.Public, OpenInPanel: s.OpenInPanel, NoFrame: s.NoFrame,
		owner: ui.Owner{Admin: &xmlapi.Empty{}},
	}
	if s.SortKey != nil {
		w.SortKey = new(int(*s.SortKey))
	}
	if s.URLComponents != nil {
		w.Components = []string{}
		for _, c := range s.URLComponents {
			w.Components = append(w.Components, string(c))
		}
	}
	if r := in.Ref(customButtonCustomer); r != nil {
		id, err := engine.Number(r.ID)
		if err != nil {
			return engine.Key{}, customButtonValue{}, err
		}
		w.Customer, w.owner = r.Link(), ui.Owner{CustomerID: &id}
	}
	if r := in.Ref(customButtonReseller); r != nil {
		id, err := engine.Number(r.ID)
		if err != nil {
			return engine.Key{}, customButtonValue{}, err
		}
		w.Reseller, w.owner = r.Link(), ui.Owner{ResellerID: &id}
	}
	return customButtonKey(w.owner, s.Place, s.Text, s.URL), w, nil
}

func (CustomButton) Normal(w customButtonValue) customButtonValue {
	form.Collapse(&w.Text, &w.URL, &w.Help, &w.Icon)
	w.Components = form.NormalSet(w.Components, form.SingleBlanks)
	return w
}

// customButtonKey begins with the owner, whose buttons are asked for: no operation finds one by what it is.
func customButtonKey(owner ui.Owner, place v1alpha1.CustomButtonPlace, text, url string) engine.Key {
	return engine.Key{Name: fmt.Sprintf("%s, %s: %s (%s)", ownerName(owner), place, form.SingleBlanks(text), form.SingleBlanks(url))}
}

// The owners in keys.
const (
	ownedByAdmin    = "administrator"
	ownedByCustomer = "customer "
	ownedByReseller = "reseller "
)

func ownerName(o ui.Owner) string {
	switch {
	case o.CustomerID != nil:
		return ownedByCustomer + strconv.FormatInt(*o.CustomerID, 10)
	case o.ResellerID != nil:
		return ownedByReseller + strconv.FormatInt(*o.ResellerID, 10)
	}
	return ownedByAdmin
}

// ownerOf is the owner in a key, the inverse of ownerName.
func ownerOf(key string) (ui.Owner, error) {
	name, _, _ := strings.Cut(key, ",")
	if id, ok := strings.CutPrefix(name, ownedByCustomer); ok {
		n, err := engine.Number(id)
		return ui.Owner{CustomerID: &n}, err
	}
	if id, ok := strings.CutPrefix(name, ownedByReseller); ok {
		n, err := engine.Number(id)
		return ui.Owner{ResellerID: &n}, err
	}
	if name != ownedByAdmin {
		return ui.Owner{}, fmt.Errorf("the recorded key %q names no owner of a custom button", key)
	}
	return ui.Owner{Admin: &xmlapi.Empty{}}, nil
}

// Find asks for the button by its id, then looks among its owner's.
func (CustomButton) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[customButtonValue], error) {
	if h.ID != "" {
		id, err := engine.Number(h.ID)
		if err != nil {
			return nil, err
		}
		found, err := buttonsOf(ctx, d, ui.CustomButtonFilter{IDs: []int64{id}})
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return found[0], nil
		}
	}
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	if key.Name == "" {
		return nil, nil
	}
	owner, err := ownerOf(key.Name)
	if err != nil {
		return nil, err
	}
	all, err := buttonsOf(ctx, d, ui.CustomButtonFilter{Owners: []ui.Owner{owner}})
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(all, func(f *engine.Found[customButtonValue]) bool { return f.Key == key }); i >= 0 {
		return all[i], nil
	}
	return nil, nil
}

// List reads the buttons of all accounts, whom no filter names together: the accounts come first.
func (CustomButton) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[customButtonValue], error) {
	customers := customer.Get.Call(customer.GetRequest{Filter: xmlapi.All(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	resellers := reseller.Get.Call(reseller.GetRequest{Filter: xmlapi.All(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err := d.Do(ctx, customers, resellers); err != nil {
		return nil, err
	}
	theirs, err := customers.All()
	if err != nil {
		return nil, err
	}
	others, err := resellers.All()
	if err != nil {
		return nil, err
	}
	owners := []ui.Owner{{Admin: &xmlapi.Empty{}}}
	for _, c := range theirs {
		owners = append(owners, ui.Owner{CustomerID: &c.ID})
	}
	for _, r := range others {
		owners = append(owners, ui.Owner{ResellerID: &r.ID})
	}
	var filters []ui.CustomButtonFilter
	for some := range slices.Chunk(owners, engine.IDsPerOperation) {
		filters = append(filters, ui.CustomButtonFilter{Owners: some})
	}
	return buttonsOf(ctx, d, filters...)
}

// buttonsOf reads the buttons that filters name, in one packet. Owners and buttons that are not there have none.
func buttonsOf(ctx context.Context, d xmlapi.Doer, filters ...ui.CustomButtonFilter) ([]*engine.Found[customButtonValue], error) {
	var calls []xmlapi.Caller
	var reads []*xmlapi.Call[ui.GetCustomButtonRequest, ui.CustomButtonResult]
	for _, f := range filters {
		call := ui.GetCustomButton.Call(ui.GetCustomButtonRequest{Filter: f})
		calls, reads = append(calls, call), append(reads, call)
	}
	if err := d.Do(ctx, calls...); err != nil {
		return nil, err
	}
	var results []ui.CustomButtonResult
	for _, call := range reads {
		some, err := call.All()
		if err != nil {
			return nil, err
		}
		results = append(results, some...)
	}
	return engine.ListOf(ui.GetCustomButton, results, foundCustomButton)
}

func foundCustomButton(r ui.CustomButtonResult) (*engine.Found[customButtonValue], error) {
	if r.CustomButton == nil || engine.IDText(r.ID) == "" {
		return nil, xmlapi.Incomplete(ui.GetCustomButton, "id")
	}
	p := r.Properties
	place := customButtonPlaces.API(&p.Place)
	found := &engine.Found[customButtonValue]{
		Identity: engine.Identity{ID: engine.IDText(r.ID)},
		Key:      customButtonKey(r.Owner, v1alpha1.CustomButtonPlace(*place), p.Text, p.URL),
	}
	w := customButtonValue{
		Place: place, Text: &p.Text, URL: &p.URL, Components: shownComponents(&r.URLComponents), Help: new(form.Deref(p.Help)), SortKey: p.SortKey,
		Icon: new(form.Deref(p.File)), Public: new(isTrue(p.Public)), OpenInPanel: new(isTrue(p.Internal)), NoFrame: new(isTrue(p.NoFrame)),
		owner: r.Owner,
	}
	for _, owner := range []struct {
		kind string
		id   *int64
		link **engine.Link
	}{{"PleskCustomer", r.Owner.CustomerID, &w.Customer}, {"PleskReseller", r.Owner.ResellerID, &w.Reseller}} {
		if owner.id != nil {
			is := engine.Identity{ID: engine.IDText(*owner.id)}
			*owner.link = &engine.Link{Identity: is}
			found.In = []engine.Owner{{Kind: owner.kind, Identity: is}}
		}
	}
	w.seen = &v1alpha1.ObservedCustomButton{HelpText: *w.Help, Icon: *w.Icon, Public: *w.Public, OpenInPanel: *w.OpenInPanel, NoFrame: *w.NoFrame}
	if w.SortKey != nil {
		w.seen.SortKey = int32(*w.SortKey) //nolint:gosec // the protocol's int has as many bits
	}
	for _, c := range w.Components {
		w.seen.URLComponents = append(w.seen.URLComponents, v1alpha1.CustomButtonURLComponent(c))
	}
	found.Value = w
	return found, nil
}

func isTrue(b *bool) bool { return b != nil && *b }

// component is a part of ui.URLComponents.
type component struct {
	name v1alpha1.CustomButtonURLComponent
	at   **xmlapi.Empty
}

// componentsIn are the parts of c, in the grammar's order.
func componentsIn(c *ui.URLComponents) []component {
	return []component{
		{v1alpha1.CustomButtonDomainID, &c.DomainID},
		{v1alpha1.CustomButtonDomainName, &c.DomainName},
		{v1alpha1.CustomButtonFTPUser, &c.FTPUser},
		{v1alpha1.CustomButtonFTPPassword, &c.FTPPassword},
		{v1alpha1.CustomButtonCustomerID, &c.ClientID},
		{v1alpha1.CustomButtonCompanyName, &c.CompanyName},
		{v1alpha1.CustomButtonContactName, &c.ContactName},
		{v1alpha1.CustomButtonEmail, &c.Email},
	}
}

// shownComponents are those that a button has.
func shownComponents(c *ui.URLComponents) []string {
	names := []string{}
	for _, part := range componentsIn(c) {
		if *part.at != nil {
			names = append(names, string(part.name))
		}
	}
	return names
}

// components are those to write, nil for none.
func (w *customButtonValue) components() *ui.URLComponents {
	if len(w.Components) == 0 {
		return nil
	}
	c := &ui.URLComponents{}
	for _, part := range componentsIn(c) {
		if slices.Contains(w.Components, string(part.name)) {
			*part.at = &xmlapi.Empty{}
		}
	}
	return c
}

func (CustomButton) Create(ctx context.Context, d xmlapi.Doer, w customButtonValue) (engine.Identity, error) {
	r, err := ui.CreateCustomButton.One(ctx, d, ui.CreateCustomButtonRequest{
		Owner: w.owner,
		Properties: ui.CustomButtonProperties{
			SortKey: w.SortKey, Help: w.Help, File: w.Icon, Public: w.Public, Internal: w.OpenInPanel, NoFrame: w.NoFrame,
			Place: *customButtonPlaces.Wire(w.Place), URL: *w.URL, Text: *w.Text,
		},
		URLComponents: w.components(),
	})
	return engine.Identity{ID: engine.IDText(r.ID)}, err
}

// errCustomButtonsStay : the operator has no set, and no field can change.
var errCustomButtonsStay = errors.New("ui: the protocol changes nothing of a custom button")

func (CustomButton) Update(context.Context, xmlapi.Doer, engine.Update[customButtonValue]) error {
	return errCustomButtonsStay
}

func (CustomButton) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[customButtonValue]) error {
	id, err := engine.Number(found.ID)
	if err != nil {
		return err
	}
	_, err = ui.DeleteCustomButton.One(ctx, d, ui.DeleteCustomButtonRequest{Filter: ui.CustomButtonFilter{IDs: []int64{id}}})
	return err
}

// Contents is empty: nothing lies in a button.
func (CustomButton) Contents(context.Context, xmlapi.Doer, *engine.Found[customButtonValue]) ([]engine.Content, error) {
	return nil, nil
}

// Privileged : the administrator's buttons are everybody's to see, and a password in a URL is its host's to read.
func (CustomButton) Privileged(w customButtonValue) []string {
	var fields []string
	if w.Customer == nil && w.Reseller == nil {
		fields = append(fields, "customerRef")
	}
	if slices.Contains(w.Components, string(v1alpha1.CustomButtonFTPPassword)) {
		fields = append(fields, "urlComponents")
	}
	return fields
}

func (CustomButton) Observe(o *v1alpha1.PleskCustomButton, f *engine.Found[customButtonValue]) {
	o.Status.Observed = f.Value.seen
}

func (CustomButton) KeyField() string { return "spec.text" }

// Field : the URL is the one value that the server judges and the API server cannot.
func (CustomButton) Field(err *xmlapi.Error) string {
	if err.Operation == ui.CreateCustomButton.Name() && err.About() == xmlapi.AboutValue {
		return "spec.url"
	}
	return ""
}
