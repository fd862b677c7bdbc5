/* sources sha256:d816fa5328ebf71f body sha256:ccbf359ced5bcf2b built by esbuild 0.28.2 */
(()=>{var Q=0,j=0,we=performance.now();function ee(M){Q=(Q*j+M)/(j+1),j+=1}var V=new Map;async function te(M){return await new Promise(requestAnimationFrame),await V.get(M)?.promise}async function G(M,e){if(V.has(M)&&(await V.get(M)?.promise,V.has(M))){await V.get(M)?.promise;return}V.set(M,Promise.withResolvers());try{return await e()}finally{let t=V.get(M);V.delete(M),t?.resolve(void 0)}}var he=navigator.userAgent.toLowerCase().indexOf("firefox")>-1,ie=he?5e6:1e7;var ne=":host{position:absolute;top:0px;left:0px;right:0px;bottom:0px;overflow:scroll;overflow-anchor:none;overscroll-behavior:none;-webkit-overflow-scrolling:touch;}div.rt-virtual-panel{position:absolute;top:0;left:0;right:0;pointer-events:none;}div.rt-scroll-table-clip{position:sticky;contain:strict;overflow-anchor:none;width:100%;height:100%;}slot{position:absolute;overflow:hidden;overflow-anchor:none;}";var ce="--regular-table--clip-x",ue="--regular-table--clip-y",me="--regular-table--transform-x",fe="--regular-table--transform-y",be='<div class="rt-virtual-panel"></div><div class="rt-scroll-table-clip"><slot></slot></div>',pe=1,N=class extends HTMLElement{w;r;l;G;N;U;$;M;q;o;e;t;tt;it;table_model;h;v;ge;b;nt;async draw(e={}){return typeof e.throttle<"u"&&!e.throttle?await re.call(this,e):await G(this,()=>re.call(this,e))}async flush(){do await te(this);while(this.v)}async predraw(e,t,i={}){let{S:n=!0,X:s=!1,cache:o=!1,scroll_left:r=this.scrollLeft,scroll_top:l=this.scrollTop,ye:u=t,throttle:c}=i,a=()=>Object.assign(()=>!0,{inline:!0}),h=async()=>(await this.draw({S:n,X:s,cache:o,throttle:c}),a());if(!this.t)return a();let{num_columns:b,num_rows:_}=await this.j(o);if(!this.e.row_height)return await h();let d=_||0,w=b||0,f=this.Y(()=>e,()=>t,()=>u);this.l=f;let m=Math.round(this.A(d)),y=Number.isFinite(f.P)?Math.min(l,Math.max(0,m-f.P)):l,p,g,R=!1,D=!1;for(let v=0;v<2;v++){let P=this.t.i,H=this.J(d,w,y,r),A=this.Ce(H,w);if(A===void 0)return await h();if(H.s=Math.min(w,A+pe),v===0){let{Z:S,K:x}=this.Q(H);D=!!(this.M||x),R=D||S||n}else if(Math.floor(H.n)===Math.floor(p.n)&&Math.ceil(H.s)<=Math.ceil(p.s)){H.s=p.s,p=H;break}if(p=H,!R)break;g=await this.t.view(Math.floor(p.n),Math.floor(p.a),Math.ceil(p.s),Math.ceil(p.d));let T=g.num_row_headers??g.row_headers?.[0]?.length??0;if(T===P)break;this.t.i=T}let C=this.t;return Object.assign(()=>{if(this.l=f,this.ee(p),this.te(n,d,w,s),!R||g===void 0)return this.g(p),!0;let v=!0,P=()=>{v&&(this.g(p),v=!1);for(let A of this.h)A({detail:this})},H=this.table_model.draw_sync(f,C,this.q,s,p,w,g,P);return this.ie(p,d,w,s,D),C===this.t&&(this.M=!1),H||this.draw({S:!0}),H},{inline:!1})}async j(e){e||this.table_model.Te();let t=await this.table_model.ve(this.t);return this.ge=t.num_columns||0,this.e.row_height=t.row_height||this.e.row_height,t.num_row_headers!==void 0&&(this.t.i=t.num_row_headers),t.num_column_headers!==void 0&&(this.t.p=t.num_column_headers),t}Y(e,t,i){let n=this.r==="none"||this.r==="horizontal";return{width:this.r==="none"||this.r==="vertical"?1/0:e(),height:n?1/0:t(),P:n?1/0:i()}}te(e,t,i,n){this.ne(t),n||this.se(e,i)}ie(e,t,i,n,s){this.g(e);let o=this.e.row_height;this.table_model.header.reset_header_cache(),o!==this.e.row_height&&this.ne(t),n||this.se(s,i)}Ce(e,t){if(this.r==="none"||this.r==="vertical")return e.s;let{indices:i,override:n}=this.e,s=a=>n[a]??i[a],o=this.t.i,r=0;for(let a=0;a<o;a++){let h=s(a);if(h===void 0)return;r+=h}let l=Math.floor(e.n),u=i[o+l]??0,c=l;for(;c<t&&r-u<=this.l.width;){let a=s(o+c);if(a===void 0)return;r+=a,c++}return c}Se(){}Ee(){}Le(){if(this.attachShadow({mode:"open"}),!this.shadowRoot)return;let e=new CSSStyleSheet;e.replaceSync(ne),this.shadowRoot.adoptedStyleSheets=[e],this.shadowRoot.innerHTML=be;let[t,i]=this.shadowRoot.children;this.o=i,this.w=t,this.re()}re(){this.o&&(this.r==="both"||this.r==="vertical"?this.o.style.top="0px":this.o.style.removeProperty("top"),this.r==="both"||this.r==="horizontal"?this.o.style.left="0px":this.o.style.removeProperty("left"),this.r!=="both"?this.o.style.contain="none":this.o.style.removeProperty("contain"))}J(e,t,i,n){let{a:s,d:o}=this.xe(e,i),{n:r,s:l}=this.He(t,n);return{n:r,s:l,a:s,d:o}}Q({n:e,s:t,a:i,d:n}){i=Math.floor(i),n=Math.ceil(n),e=Math.floor(e),t=Math.ceil(t);let s=this.U!==e,o=this.G!==i||this.N!==n||this.$!==t;return{K:s,Z:o}}ee({n:e,s:t,a:i,d:n}){this.U=Math.floor(e),this.$=Math.ceil(t),this.G=Math.floor(i),this.N=Math.ceil(n)}se(e,t){if(e)if(this.r==="vertical"||this.r==="none"){let i=0;for(let n of this.e.indices)i+=n||0;this.w.style.width=i.toPrecision(10)+"px"}else{let i=this.Re(t);if(i!==0){let n=this.l.width+i+2;this.w.style.width=n.toPrecision(10)+"px"}else this.w.style.width="1px"}}ne(e){let t=this.A(e);this.w.style.height=`${t.toPrecision(10)}px`}A(e){let{row_height:t=0}=this.e,i=this.t.p*t;return Math.min(ie,e*t+i)}oe(e,t){let i=this.table_model.table.style;i.setProperty(ce,`${e}px`),i.setProperty(ue,`${t}px`),i.setProperty(me,`${-e}px`),i.setProperty(fe,`${-t}px`)}g(e){let t=(this.e.row_height||0)*(e.a%1)||0,i=(this.table_model._||0)+Math.floor(e.n),n=(this.e.indices[i]??this.table_model.Ae())*(e.n%1)||0;this.oe(n,t)}He(e,t){if(this.r==="none"||this.r==="vertical")return{n:0,s:1/0};{let i=this.Pe(t),n=this.table_model.num_columns()||Math.min(e,Math.ceil(this.l.width/60)),s=i+n+1;return{n:i,s}}}xe(e,t){let{height:i,P:n}=this.l,s=this.e.row_height||0,o=this.t.p,r=Math.round(this.A(e)),l=Math.max(1,r-n),u=Math.max(Math.ceil(t),0)/l,c=i/s-o,b=Math.max(0,(e||0)-c)*u,_=Math.max(0,Math.min(b+c,e));return{a:b,d:_}}Pe(e){let t=this.t.i,i=0,n=0,s=0;for(;n<e;){let o=this.e.indices[i+t];s=e-n,i+=1,n+=o!==void 0?o:60}return i+=s/(this.e.indices[i+t-1]||60),Math.max(0,i-1)}Ve(e){let t=0;if(this.t.i>0)for(let s of this.e.indices.slice(0,this.t.i))t+=s||0;let i=this.t.i,n=e;for(;t<this.l.width&&n>=0;)n--,t+=this.e.indices[n+i]||60;return Math.min(e-1,n+1)}Re(e){let t=this.t.i,i=this.Ve(e),n=t,s=0;for(;n<i+t;)s+=this.e.indices[n]||60,n++;if(n<this.e.indices.length){let o=0,r=this.t.i;for(let l=0;l<r&&l<this.e.indices.length;l++)o+=this.e.indices[l]||0;s+=Math.max(0,(this.e.indices[n]||0)-(this.l.width-(o||0))||0)}return s}};async function re(M){let e=!1,{S:t=!0,X:i=!1}=M,{num_columns:n,num_rows:s}=await this.j(M.cache);this.e.row_height||this.Ee();let o=s||0,r=n||0;this.l=this.Y(()=>this.o.clientWidth,()=>this.o.clientHeight,()=>this.clientHeight),this.te(t,o,r,i);let l=this.J(o,r,this.scrollTop,this.scrollLeft),{Z:u,K:c}=this.Q(l);this.ee(l);let a=this.M||c;if(a||u||t){let h=!0;await this.table_model.draw(this.l,this.t,this.q,i,l,r,async()=>{h&&(this.g(l),h=!1);for(let b of this.h)await b({detail:this})}),this.ie(l,o,r,i,a),this.M=!1}else this.g(l);!1}var U=class extends N{st;rt;ot;lt;at;V;le;ae;register_listeners(){this.addEventListener("mousedown",this.De.bind(this)),this.addEventListener("scroll",this.ze.bind(this),{passive:!0}),this.Oe()}async ze(e){if(e.stopPropagation(),this.le=this.scrollLeft,this.ae=this.scrollTop,this.v){this.V=!0;return}this.v=!0;let t=this.o.clientWidth,i=this.o.clientHeight,n=this.clientHeight;try{await G(this,async()=>{do{this.V=!1;let s=await this.predraw(t,i,{S:!1,cache:!0,throttle:!1,ye:n,scroll_left:this.le,scroll_top:this.ae});s.inline||(await new Promise(requestAnimationFrame),s())}while(this.V)})}finally{this.v=!1}this.dispatchEvent(new CustomEvent("regular-table-scroll"))}Oe(){}ht(){}dt(){}ct(){}ut(){}mt(){}De(){}ft(){}bt(){}};var k=new WeakMap;var B=class{e;ke;table;cells;rows;constructor(e,t,i){this.e=e,this.ke=t,this.table=i,this.cells=[],this.rows=[]}num_columns(){return this.D(Math.max(0,this.rows.length-1)).row_container.length}num_rows(){return this.cells.length}pt(){}he(){}de(){}E(e){if(!e)return{value:void 0};let t=k.get(e);return t||(t={value:void 0},k.set(e,t)),t}ce(){}C(e,t){if(!(e<0||t<0))return this.cells[e]?.[t]}D(e){let t=this.rows[e];t||(t=this.rows[e]=document.createElement("tr"),this.table.appendChild(t));let i=this.cells[e];return i||(i=this.cells[e]=[]),{tr:t,row_container:i}}ue(e="TD",t,i){let{tr:n,row_container:s}=this.D(t),o=s[i];if(!o)if(i<s.length){o=s[i]=document.createElement(e);let r=s.slice(i+1).find(l=>l);n.insertBefore(o,r||null)}else o=s[i]=document.createElement(e),n.appendChild(o);if(o.tagName!==e){let r=document.createElement(e);n.replaceChild(r,o),this.cells[t].splice(i,1,r),o=r}return o}me(e){for(let t=0;t<this.rows.length;t++){let i=this.rows[t],n=this.cells[t];n.length=(Array.isArray(e)?e[t]:e)||0;let s=this.cells[t].filter(r=>r!==void 0).length,o=[];for(let r=s;r<i.children.length;r++)o.push(i.children[r]);for(let r of o)r.remove()}}L(e){e=Math.min(e,this.rows.length);let t=[];for(let i=e;i<this.table.children.length;i++)t.push(this.table.children[i]);for(let i of t)i.remove();this.rows.length=e,this.cells.length=e}};var oe=new WeakMap,$=class extends B{c;u;H;constructor(e,t,i,n){super(e,t,i),this.c=[],this.u=[],this.H=n}fe(e,t,i){let n=this.ue("TH",t,e[t]||0);e[t]+=1;let s=oe.get(n);if(s!==void 0&&s.value===i&&n.lastChild===s.resize&&n.firstChild===(i instanceof HTMLElement?i:s.span))return n;if(n.removeAttribute("colspan"),n.textContent="",s===void 0){let o=document.createElement("span");o.className="rt-column-resize",s={value:void 0,span:document.createElement("span"),resize:o},oe.set(n,s)}return i instanceof HTMLElement?n.appendChild(i):(s.span.textContent=String(i??""),n.appendChild(s.span)),n.appendChild(s.resize),s.value=i,n}Be(){}We(e,t,i,n){let s=this.E(i);if(s.column_header=e,s.value=t,s.size_key=Array.isArray(n)?n[0]:n,!Array.isArray(n)||n.length<=1){this.he(i,s.size_key||0),this.H?.(i);let o=this.e.override[s.size_key||0],r=this.e.auto[s.size_key||0]||0;i.classList.toggle("rt-cell-clip",!!o&&r>o)}else this.de(i);return s}get_column_header(){}draw(e,t,i,n,s,o,r,l,u){let c=t?.length;if(c===0)return;let a,h,b,_;l=typeof l>"u"?c-1:l;for(let d=0;d<c;d++){if(b=t[d]?t[d]:"",this.u[d]=this.u[d]||0,d<l)u&&this.c?.[d]?.[0]?.value===b?(a=this.c[d][1],this.c[d][2]+=1,i===1&&(this.c[d][0].m=Array.isArray(s)?s[0]:s)):(this.Fe(d),a=this.fe(this.u,d,b),h=this.Be(t,b,a),this.c[d]=[h,a,1]);else{a=this.fe(this.u,d,b),h=this.We(e.length>0?e:t,b,a,s),typeof _>"u"&&(_={th:a,metadata:h});for(let[w]of this.c)w.size_key=h.size_key;a.removeAttribute("colspan")}this.D(d).tr.classList.toggle("rt-autosize",d===l),a.classList.toggle("rt-group-corner",n===void 0),h&&(h.x=typeof n>"u"?n:Math.floor(n),h.z=d,h.x0=Math.floor(o),h.be=r,i===1?(h.type="corner",h.m=Array.isArray(s)?s[0]:s):(h.type="column_header",delete h.m))}return this.L(this.u.length),_=_||{th:a,metadata:h},_}Fe(){}flush_colspans(){}clean(){this.flush_colspans(),this.me(this.u)}reset_header_cache(){this.u=[],this.c=[]}};var q=class extends B{b;pe(e,t,i,n,{column_name:s},{O:o},r){let l=this.ue(e,t,n),u=this.E(l);u.y=t+Math.floor(o);let c=u.size_key=r||0;e==="TD"&&(u.column_header=s);let a=this.e.override[c],h=!!a&&(this.e.auto[c]||0)>a;return l.classList.toggle("rt-cell-clip",h),this.b||h?this.he(l,c):this.de(l),u.value!==i&&(i instanceof HTMLElement?(l.textContent="",l.appendChild(i)):l.textContent=String(i??"")),u.value=i,{td:l,metadata:u}}draw(e,t,i,n=!1,s,o,r,l){let{cidx:u,column_data:c,row_headers:a,column_data_listener_metadata:h}=t,{row_height:b}=i,_,d=[],w=[],f=0,m=[],y=n?i.i??1:1,p=(i.O??0)%1!==0?1:0,g=!1,R=Math.floor(i.O),D=Math.ceil(i.y1),C=Math.ceil(i.x1),v=s===void 0?s:Math.floor(s),P=o===void 0?void 0:Math.floor(o),H=Math.floor((s??0)-(o??0));for(let T=0;T<y;T++){f=0,g=!1;let S=u+T;for(let x of c){let E;if(n){let L=x,W=L[T],Z=d[T]||1,F=this.C(f-Z,S),le=this.E(F),K=m[f]||1,I=this.C(f,S-K),ae=this.E(I);if(l&&I&&(ae.value===W||W===void 0)&&!I.hasAttribute("rowspan")){let z=m[f]=K+1;I.setAttribute("colspan",String(z)),this.ce(f,S)}else if(l&&F&&le.value===W&&!F.hasAttribute("colspan")){let z=d[T]=Z+1;F.setAttribute("rowspan",String(z)),this.ce(f,S)}else{E=this.pe("TH",f,W,S,t,i,T);let z=E.td,O=E.metadata;z.style.display="",z.removeAttribute("rowspan"),z.removeAttribute("colspan"),O.type="row_header",O.row_header=L,O.m=T,O.y0=R,O.y1=D,O.be=T,P!==void 0&&(O.x0=P),d[T]=1,m[f]=1,w[T]=E}}else{E=this.pe("TD",f,x,u,t,i,r??0);let L=E.metadata;h&&(L.user=h[f]),L.type="body",L.x=v||0,L.x1=C,L.row_header=a?.[f]||[],L.y0=R,L.y1=D,L.dx=H,L.dy=(L.y??0)-R,L.be=u,P!==void 0&&(L.x0=P),w[0]=E}if(f++,_=E?E.metadata:_,b=b||E?.td.offsetHeight,(f-p)*(b??0)>e){g=!0;break}}}let A=g?f:f+p;if(A>f){let T=this.rows[f],S=this.rows[f-1];(l&&(i.i??0)>0||!T||!S||T.children.length!==S.children.length||T.querySelector("[colspan],[rowspan]")!==null||S.querySelector("[colspan],[rowspan]")!==null)&&(A=f)}return this.L(A),{tds:w,ridx:A,k:f,row_height:b}}clean({ridx:e,cidx:t,k:i=e}){if(this.L(e),this.me(t),i<this.rows.length){let n=this.rows[i],s=this.rows[i-1],o=a=>a?.children[a.children.length-1],r=o(n),l=o(s),u=r&&k.get(r),c=l&&k.get(l);(!u||!c||u.x!==c.x||n.children.length!==s.children.length)&&this.L(i)}}};var Y=class{e;_=0;header;body;Ie(e,t){let{a:i=0,n=0,s=0,d:o=0}=e,r=this.e.indices[(this._||0)+Math.floor(e.n)]??0;return{f:0,selected_id:t,O:i,Ge:r,x0:n,x1:s,y1:o,row_height:this.e.row_height,i:this._}}Ae(){}Ne(e,t,i,n,s,o,r,l,u,c){let a=[`${t}`],h=[],b={column_name:a,cidx:0,column_data:e,row_headers:e,first_col:!0},_=Math.floor(r),d=this.body.draw(n,b,{...s,x0:0},!0,void 0,void 0,_,c),w=[];for(let m=0;m<t;m++){let y=this.header.draw(a,Array(i).fill(""),1,void 0,m,r,m,l,u);y&&w.push(y)}for(let m=0;m<w.length;m++){let{th:y}=w[m];s.f+=this.e.indices[m]||y.offsetWidth}s.row_height=s.row_height||d.row_height;let f=t;if(!o)for(let m=0;m<t;m++){let{td:y,metadata:p}=d.tds[m]||{},{th:g,metadata:R}=w[m]||{};(y||g)&&h.push([g||y,R||p])}return{B:d,first_col:!1,Ue:f,last_cells:h}}$e(e,t,i,n,s,o){let r=0,l=0;for(;this.e.indices.length>s+o+r+1&&l+t.f<i;)r++,l+=this.e.indices[s+o+r]||0;if(l+t.f<i){let u=Math.min(n,e.n+5);e.s=Math.max(1,Math.min(n,u))}else e.s=Math.max(1,Math.min(n,e.n+r))}qe(e,t,i,n,s,o,r,l,u,c){let a=t.column_headers?.[e]||[],h=t.data[e],b=t.metadata?.[e],_={column_name:a,cidx:i,column_data:h,column_data_listener_metadata:b,row_headers:t.row_headers,first_col:r},d=e+n,w=i+Math.floor(n),f=this.header.draw(a,a,void 0,d,w,n,i,l,u),m=this.body.draw(s,_,o,!1,d,n,w,c);return{Xe:f,B:m}}async je(e,t,i,n,s,o,r,l,u){let c=Math.max(n+Math.floor(u),0),a=structuredClone(e);a.n=c,this.$e(a,s,o,r,l,u);let h=await t(Math.floor(a.n),Math.floor(a.a),Math.ceil(a.s),Math.ceil(a.d)),b,_;if(typeof h.column_header_merge_depth<"u"&&(b=h.column_header_merge_depth),typeof h.merge_headers<"u"&&(_=h.merge_headers),h.data.length===0)return{column_header_merge_depth:b,merge_headers:_};e.s=a.n+h.data.length;for(let d=0;d<h.data.length;d++)i.data[n+d]=h.data[d],h.metadata&&i.metadata&&(i.metadata[n+d]=h.metadata[d]),i.column_headers&&h.column_headers?.[d]&&(i.column_headers[n+d]=h.column_headers[d]);return{column_header_merge_depth:b,merge_headers:_}}R(e,t){this.body.clean({ridx:e?.ridx||0,cidx:t,k:e?.k??e?.ridx??0}),this.header.clean()}},_e=0,X=class extends Y{table;_t;wt=new Map;Mt=new Map;_e;T;Ye;Je;gt=new WeakSet;Ze={};we=!1;Ke;constructor(e,t,i){super(),this.e=t,this.clear(i);let[n]=i.children,[s,o]=n.children;this.table=n,this._e=`rt-scope-${_e++}`,this.table.classList.add(this._e),this.Je=new ResizeObserver(this.Qe.bind(this)),this.header=new $(t,e,s,r=>this.H(r)),this.body=new q(t,e,o)}dispose(){}H(){}Qe(){}num_columns(){return this.header.num_columns()}clear(e){e.innerHTML='<table cellspacing="0"><thead></thead><tbody></tbody></table>'}W(){}autosize_cells(e,t){let i=this.table.currentCSSZoom??1,n=[];for(let[s,o]of e){let r=s.getBoundingClientRect();n.push({cell:s,metadata:o,box:r})}for(let{metadata:s,box:o}of n)if(this.e.row_height=t??Math.max(10,Math.min(this.e.row_height??o.height/i,o.height/i)),s?.size_key!==void 0){this.e.indices[s.size_key]=o.width/i;let r=this.e.override[s.size_key];o.width/i&&r===void 0&&(this.e.auto[s.size_key]=o.width/i),r!==void 0&&(this.Ze[s.size_key]=r)}}updateColumnWidthStyles(){}yt(){}Ct(){}Tt(){}vt(){}St(){}async ve(e){return this.T?this.T:await e.view(0,0,0,0)}Te(){this.T=void 0,this.Ye=void 0}async draw(e,t,i,n,s,o,r){let l=this.T=await t.view(Math.floor(s.n),Math.floor(s.a),Math.ceil(s.s),Math.ceil(s.d)),u=this.Me(e,t,i,n,s,o,l);this.we=!0;try{let c=u.next();for(;!c.done;)await r(),c=u.next(c.value==="style"?void 0:await c.value.fetch())}finally{this.we=!1,u.return(!1)}}draw_sync(e,t,i,n,s,o,r,l){this.T=r;let u=this.Me(e,t,i,n,s,o,r),c=u.next();for(;!c.done;)c.value==="style"&&l(),c=u.next();return c.value}*Me(e,t,i,n,s,o,r){let{width:l,height:u}=e,{column_header_merge_depth:c,merge_headers:a="both"}=r,h=a==="both"||a==="row",b=a==="both"||a==="column",_=s.n??0;if(r.row_headers){let C=0;for(let v of r.row_headers)v.length>C&&(C=v.length);this._=r.num_row_headers??C;for(let v=0;v<r.row_headers.length;v++)r.row_headers[v].length=this._||0}t.i=r.num_row_headers??r.row_headers?.[0]?.length??0,t.p=r.num_column_headers??r.column_headers?.[0]?.length??0;let{view:d,i:w,p:f}=t,m=this.Ie(s,i),y,p=0,g=[],R=!0;if(!!r.row_headers&&(r.row_headers.length>0||w>0)){let C=this.Ne(r.row_headers,w,f,u,m,n,_,c,b,h);y=C.B,R=C.first_col,p=C.Ue,g=C.last_cells}try{let C=0,v=0,P=o-s.n,H=this.e.indices.some(Boolean);for(;C<P;){if(!r.data[C]){this.header.flush_colspans(),this.updateColumnWidthStyles(s,t.i);let x=yield{fetch:()=>this.je(s,d,r,C,m,l,o,p,_)};if(x?.column_header_merge_depth!==void 0&&(c=x.column_header_merge_depth),x?.merge_headers!==void 0&&(a=x.merge_headers),!r.data[C])return this.R(y,p),this.updateColumnWidthStyles(s,t.i),yield"style",this.W(g)&&this.autosize_cells(g,this.e.row_height),this.F(m,l)}let{Xe:A,B:T}=this.qe(C,r,p,_,u,m,R,c,b,h);if(y=T,R=!1,!n)for(let{td:x,metadata:E}of y.tds)g.push([A?.th||x,A?.metadata||E]);let S=this.e.indices[p+Math.floor(_)]||(H?v:0);if(!S){if(S=A?.th?.offsetWidth||0,!S)for(let{td:x}of y.tds)S+=x?.offsetWidth||0;v=S}if(m.f+=S,m.row_height=m.row_height||y.row_height,p++,C++,this.F(m,l)){if(this.R(y,p),this.updateColumnWidthStyles(s,t.i),yield"style",n)return!0;m.f=0,this.W(g)&&this.autosize_cells(g,this.e.row_height),v=0;let x=m.i||0;for(let E=0;E<g.length;E++){let L=E<x?E:Math.floor(_)+E;m.f+=this.e.indices[L]||0}if(this.F(m,l))return!0}}return this.R(y,p),this.updateColumnWidthStyles(s,t.i),yield"style",this.W(g)&&this.autosize_cells(g,this.e.row_height),!0}finally{this.R(y,p)}}F(e,t){return e.f-e.Ge>t}};var J=class extends U{I;constructor(){super(),this.e={auto:[],override:{},indices:[]},this.h=[],this.I=!1}connectedCallback(){this.I||(this.Le(),this.register_listeners(),this.setAttribute("tabindex","0"),this.I=!0,this.et())}et(){this.table_model?.dispose(),this.table_model=new X(this.o,this.e,this),this.table_model.Ke=()=>this.Se(),this.table_model.body.b=this.b,this.oe(0,0)}resetAutoSize(e){(!e||e.auto)&&(this.e.auto=[]),(!e||e.override)&&(this.e.override={}),(!e||e.indices)&&(this.e.indices=[]),(!e||e.row_height)&&(this.e.row_height=void 0)}saveColumnSizes(){}restoreColumnSizes(){}clear(){}addStyleListener(e){this.h.push(e);let t=!0;return()=>{if(!t)return;t=!1,this.h=this.h.slice();let n=this.h.indexOf(e);this.h.splice(n,1)}}removeStyleListener(){}getMeta(e){if(e!==void 0){if(e instanceof HTMLElement)return k.get(e);if("row_header_x"in e&&e.m&&e.m>=0){if(e.m<this.t.i){let t=this.table_model.body.C(e.y,e.m);return this.getMeta(t)}}else if("column_header_y"in e&&e.z>=0){if(e.z<this.t.p){let t=this.table_model.header.C(e.z,e.x);return this.getMeta(t)}}else if("dx"in e)return this.getMeta(this.table_model.body.C(e.dy,e.dx+(this.table_model._||0)))}}getDrawFPS(){}scrollToCell(){}setDataListener(e,{virtual_mode:t="both",preserve_state:i=!1,column_classes:n=!1}={}){let s=this.r!==t;i?this.t.view=e:(this.r=t,this.b=n,this.table_model&&(this.table_model.body.b=n),this.M=!0,this.t={view:e,i:0,p:0},s&&this.re())}};document.createElement("regular-table").constructor===HTMLElement&&window.customElements.define("regular-table",J);})();
var ROW_HEIGHT = 26;
var HEADER_ROWS = 2;
function rowStep({ end, rowCount, rowsInView }) {
return rowCount > rowsInView ? end / (rowCount - rowsInView) : ROW_HEIGHT;
}
function topToReveal(row, scroller) {
const step = rowStep(scroller);
const first = Math.floor(row * step);
const last = Math.ceil((row + 1 - scroller.rowsInView) * step);
const top = first < scroller.top ? first : Math.max(scroller.top, last);
return Math.max(0, Math.min(scroller.end, top));
}
function leftToReveal(x, widths, { left, width }) {
const start = widths.slice(0, x).reduce((sum, each) => sum + each, 0);
const end = start + (widths[x] ?? 0);
return Math.min(start, Math.max(left, end - width));
}
function clamp(value, least, most) {
return Math.max(least, Math.min(most, value));
}

function debounce(action, quiet) {
let timer;
const cancel = () => clearTimeout(timer);
const flush = () => {
cancel();
action();
};
const soon = () => {
cancel();
timer = setTimeout(action, quiet);
};
return { soon, flush, cancel };
}

var Pages = class {
#fetch;
#capacity;
#concurrent;
#onChange;
#kept = /* @__PURE__ */ new Map();
#failed = /* @__PURE__ */ new Map();
#sent = /* @__PURE__ */ new Map();
#wanted = [];
#waiting = /* @__PURE__ */ new Set();
#age = 0;
constructor(fetch2, { capacity = 1e3, concurrent = 2, onChange = () => {
} } = {}) {
this.#fetch = fetch2;
this.#capacity = capacity;
this.#concurrent = concurrent;
this.#onChange = onChange;
}
get(number) {
const kept = this.#kept.get(number);
if (kept) {
this.#kept.delete(number);
this.#kept.set(number, kept);
}
return kept?.page;
}
isSettled(number) {
return this.#kept.has(number) || this.#failed.has(number);
}
want(groups) {
const numbers = new Set(groups.flat());
for (const number of this.#failed.keys()) {
if (!numbers.has(number)) this.#failed.delete(number);
}
for (const [request, sent] of this.#sent) {
if (!sent.some((number) => numbers.has(number))) request.abort();
}
this.#wanted = groups;
this.#send();
}
settled(numbers, patience) {
return new Promise((resolve) => {
const check = () => {
if (numbers.every((number) => this.isSettled(number))) end();
};
const end = () => {
clearTimeout(timer);
this.#waiting.delete(check);
resolve();
};
const timer = setTimeout(end, patience);
this.#waiting.add(check);
check();
});
}
failure(numbers) {
return numbers.map((number) => this.#failed.get(number)).find(Boolean);
}
retry() {
this.#failed.clear();
}
refresh() {
this.#age += 1;
this.retry();
}
clear() {
this.refresh();
this.#kept = /* @__PURE__ */ new Map();
}
#isMissing(number) {
const kept = this.#kept.get(number);
return kept ? kept.age < this.#age : !this.#failed.has(number);
}
#send() {
for (const group of this.#wanted) {
const most = group === this.#wanted[0] ? this.#concurrent : 1;
if (this.#sent.size >= most) return;
const sent = [...this.#sent.values()].flat();
const missing = group.filter((each) => this.#isMissing(each) && !sent.includes(each));
if (missing.length > 0) this.#receive(missing);
}
}
async #receive(numbers) {
const request = new AbortController();
this.#sent.set(request, numbers);
const [age, kept] = [this.#age, this.#kept];
try {
const page = await this.#fetch(numbers, request.signal);
for (const number of numbers) {
kept.delete(number);
kept.set(number, { page, age });
}
for (const oldest of kept.keys()) {
if (kept.size <= this.#capacity) break;
kept.delete(oldest);
}
} catch (reason) {
const error = reason instanceof Error ? reason : new Error(String(reason));
if (!request.signal.aborted && kept === this.#kept) {
for (const number of numbers) this.#failed.set(number, error);
}
}
this.#sent.delete(request);
for (const check of [...this.#waiting]) check();
this.#onChange(numbers);
this.#send();
}
};

var ROWS = 16;
var COLUMNS = 8;
var AHEAD = 3;
var LEAP = 2 * ROWS;
function tiling(rowCount, columnCount, mostColumns = COLUMNS) {
const columns = Math.max(1, Math.min(mostColumns, columnCount));
const across = Math.max(1, Math.ceil(columnCount / columns));
const down = Math.ceil(rowCount / ROWS);
return {
area(tiles) {
const ys = tiles.map((tile) => Math.floor(tile / across));
const xs = tiles.map((tile) => tile % across);
return { rows: span(ys, ROWS, rowCount), columns: span(xs, columns, columnCount) };
},
tileOf: (row, x) => Math.floor(row / ROWS) * across + Math.floor(x / columns),
around([y0, y1], [x0, x1], way) {
const ys = [Math.floor(y0 / ROWS), Math.floor((y1 - 1) / ROWS)];
const xs = [Math.floor(x0 / columns), Math.floor((x1 - 1) / columns)];
const tiles = (ys2, xs2) => range(ys2, down).flatMap((y) => range(xs2, across).map((x) => y * across + x));
const next = way.right ? beside(xs, way.right, 1).map((xs2) => tiles(ys, xs2)) : beside(ys, way.down, AHEAD).map((ys2) => tiles(ys2, xs));
const far = Math.max(Math.abs(way.down) / LEAP, Math.abs(way.right) / columns);
return { shown: tiles(ys, xs), next, isSteady: far > 0 && far <= 1 };
}
};
}
var span = (places, size, count2) => [
Math.min(...places) * size,
Math.min(count2, (Math.max(...places) + 1) * size)
];
function beside([first = 0, last = 0], way, count2) {
const sides = [
[last + 1, last + count2],
[first - count2, first - 1]
];
return way < 0 ? sides.reverse() : sides;
}
function range([first = 0, last = 0], count2) {
const start = Math.max(0, first);
const length = Math.max(0, Math.min(count2 - 1, last) + 1 - start);
return Array.from({ length }, (_, i) => start + i);
}

var PATIENCE = 300;
var GRACE = 40;
var REST = 100;
var kindOf = ({ type, kind = type }) => kind;
var GridSource = class {
columns = [];
rowCount = 0;
overlay;
#tiles;
#tiling = tiling(0, 0);
#shown = [];
#next = [];
isLoading = false;
#isWaiting = false;
#isSlow = false;
#rest = debounce(() => this.#wantAll(), REST);
#corner = { x: 0, y: 0 };
#mostColumns;
constructor(fetchTile, { change, tile: onTile = () => {
}, mostColumns }) {
this.#mostColumns = mostColumns;
const fetch2 = async (numbers, signal) => {
const area = this.#tiling.area(numbers);
const columns = this.columns.slice(...area.columns);
const tile = await fetchTile(area, columns, signal);
onTile(area, tile);
return { ...tile, area };
};
const onChange = (numbers) => {
this.#isSlow = false;
if (!this.#isWaiting && numbers.some((each) => this.#shown.includes(each))) change();
};
this.#tiles = new Pages(fetch2, { onChange });
}
reset(columns, rowCount) {
const names = (list) => list.map(({ uid }) => uid).join("\n");
const isOther = names(columns) !== names(this.columns);
this.columns = columns;
this.rowCount = rowCount;
this.#tiling = tiling(rowCount, columns.length, this.#mostColumns);
if (isOther) this.#tiles.clear();
else this.#tiles.refresh();
}
get failure() {
return this.#tiles.failure(this.#shown);
}
retry() {
this.#tiles.retry();
}
async cells(x0, y0, x1, y1) {
if (x1 <= x0 || y1 <= y0) return Array.from({ length: Math.max(0, x1 - x0) }, () => []);
const way = { down: y0 - this.#corner.y, right: x0 - this.#corner.x };
this.#corner = { x: x0, y: y0 };
const { shown, next, isSteady } = this.#tiling.around([y0, y1], [x0, x1], way);
[this.#shown, this.#next] = [shown, next];
if (isSteady) this.#wantAll();
else this.#tiles.want([shown]);
this.#rest.soon();
const isLate = (tile) => !this.#tiles.isSettled(tile);
if (shown.some(isLate)) {
this.#isWaiting = true;
await this.#tiles.settled(shown, this.#isSlow ? GRACE : PATIENCE);
this.#isWaiting = false;
}
this.isLoading = shown.some(isLate);
this.#isSlow ||= this.isLoading;
const { length } = this.columns.slice(x0, x1);
return Array.from(
{ length },
(_, x) => Array.from({ length: y1 - y0 }, (_2, y) => this.cell(y0 + y, x0 + x))
);
}
#wantAll() {
const next = this.#next.filter(([first = 0]) => !this.#tiles.isSettled(first));
this.#tiles.want([this.#shown, ...next]);
}
cell(row, x) {
const over = this.overlay?.(row, x);
if (over !== void 0) return over;
const tile = this.#find(row, x);
if (!tile) return void 0;
const { rows, columns } = tile.area;
return tile.columns[x - columns[0]]?.[row - rows[0]] ?? null;
}
about(row, x) {
const tile = this.#find(row, x);
return tile && { mark: tile.marks?.get(`${row},${x}`), view: tile.view ?? 0 };
}
#find(row, x) {
return this.#tiles.get(this.#tiling.tileOf(row, x));
}
};

var Attributes = class {
#written = /* @__PURE__ */ new WeakMap();
set(element2, attributes) {
const before = this.#written.get(element2) ?? {};
for (const [name, value] of Object.entries(attributes)) {
if (before[name] !== value) element2.setAttribute(name, value);
}
for (const name of Object.keys(before)) {
if (!(name in attributes)) element2.removeAttribute(name);
}
this.#written.set(element2, attributes);
}
};

var FOCUSABLE = /* @__PURE__ */ new Set(["a", "button", "input", "select", "textarea"]);
function keepKeys(focusable) {
focusable.setAttribute("data-lm-suppress-shortcuts", "true");
}
function element(tag, properties = {}, ...children) {
const made = document.createElement(tag);
for (const [name, value] of Object.entries(properties)) {
if (name.includes("-")) made.setAttribute(name, String(value));
else Reflect.set(made, name, value);
}
if (FOCUSABLE.has(tag)) keepKeys(made);
made.append(...children);
return made;
}
function zoomOf(element2) {
return element2.currentCSSZoom ?? 1;
}

/*!
* This file carries regular-table 0.9.2, https://github.com/finos/regular-table
* Copyright (c) 2020, the Regular Table Authors
* It was changed: methods that are not used here do nothing.
* Apache License 2.0: the text is in regular-table.LICENSE beside the built file.
*/
var newRegularTable = () => document.createElement("regular-table");
function setColumnWidths(table, widths) {
table.resetAutoSize();
const { table_model: model } = table;
const zoom = zoomOf(model.table);
const cells = widths.map((width, key) => {
const box = { width: width * zoom, height: ROW_HEIGHT * zoom };
return [{ getBoundingClientRect: () => box }, { size_key: key }];
});
model.autosize_cells(cells, ROW_HEIGHT);
}
function interceptOffsets(table, onChange) {
const { style } = table.table_model.table;
const offsets = { x: "", y: "" };
style.setProperty = (name, value) => {
const axis = name.endsWith("clip-x") ? "x" : name.endsWith("clip-y") ? "y" : void 0;
if (!axis || offsets[axis] === value) return;
offsets[axis] = value;
onChange(offsets.x, offsets.y);
};
for (const name of [...style]) style.removeProperty(name);
}

var HEADER = -1;

var HIGHEST = 5e6;
function scaleWheel(scroller, rows) {
let turned = 0;
const onWheel = (event) => {
const { rowCount, rowsInView } = rows();
if (rowCount * ROW_HEIGHT < HIGHEST || event.ctrlKey || event.deltaY === 0) return;
const { scrollTop: now, scrollHeight, clientHeight } = scroller;
const end = scrollHeight - clientHeight;
if (Math.abs(turned - now) > 1) turned = now;
const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1;
const part = rowStep({ top: now, end, rowCount, rowsInView }) / ROW_HEIGHT;
const top = clamp(turned + event.deltaY * pixels * part, 0, end);
if (top === turned) return;
event.preventDefault();
turned = top;
scroller.scrollTop = top;
scroller.scrollLeft += event.deltaX;
};
scroller.addEventListener("wheel", onWheel, { passive: false });
}

var SCROLLBAR = 16;
var NEAR = "200px";
var FEWEST = 3;
var BREAK = /\r\n?|\n/g;
var RIGHT = /* @__PURE__ */ new Set(["integer", "number", "duration"]);
var isRight = (column) => RIGHT.has(kindOf(column));
var GridTable = class {
element;
corner = { row: 0, x: 0 };
#source;
#widths;
#face;
#columnWidths = [];
#rowNumbersWidth = 0;
#areWidthsKnown = false;
#attributes = new Attributes();
#view = { width: 0, height: 0 };
#mostInView = 0;
#revealed = -1;
#offset = "";
#observer;
#isNear = false;
#nearness;
constructor(source, widths, face) {
this.#source = source;
this.#widths = widths;
this.#face = face;
this.element = newRegularTable();
keepKeys(this.element);
this.element.setDataListener((x0, y0, x1, y1) => this.#respond(x0, y0, x1, y1));
this.element.addStyleListener(() => this.decorate());
this.element.addEventListener("pointerover", ({ target }) => {
if (target instanceof HTMLTableCellElement) explainIfClipped(target);
});
for (const press of ["pointerdown", "wheel"]) {
this.element.addEventListener(press, () => this.#revealed = -1);
}
scaleWheel(this.element, () => ({
rowCount: source.rowCount,
rowsInView: this.#exactRowsInView
}));
this.#observer = new ResizeObserver(() => {
this.#view = { width: this.element.clientWidth, height: this.element.clientHeight };
if (this.#view.width === 0) return;
this.#fitHeight();
this.draw();
});
this.#observer.observe(this.element);
this.#nearness = new IntersectionObserver(
(entries) => {
if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
this.#isNear = true;
this.#nearness.disconnect();
this.draw();
},
{ rootMargin: NEAR }
);
this.#nearness.observe(this.element);
}
stop() {
this.#observer.disconnect();
this.#nearness.disconnect();
}
get rowsInView() {
return Math.max(1, Math.floor(this.#exactRowsInView));
}
get #exactRowsInView() {
return this.#view.height / ROW_HEIGHT - HEADER_ROWS;
}
get lastRow() {
return this.corner.row + (this.element.querySelector("tbody")?.rows.length ?? 0) - 1;
}
draw() {
this.#fitHeight();
return this.element.isConnected && this.#isNear ? this.element.draw() : Promise.resolve();
}
resetWidths() {
this.#areWidthsKnown = false;
}
cellAt({ row, x }) {
const section = this.element.querySelector(row === HEADER ? "thead" : "tbody");
const line = section?.rows[row === HEADER ? 0 : row - this.corner.row];
return x < this.corner.x ? void 0 : line?.cells[1 + x - this.corner.x];
}
placeOf(target) {
const cell = target instanceof Element ? target.closest("td, th") : null;
const line = cell?.parentElement;
if (!(cell instanceof HTMLTableCellElement) || !(line instanceof HTMLTableRowElement)) return;
if (!this.element.contains(cell)) return void 0;
const x = cell.cellIndex === 0 ? -1 : this.corner.x + cell.cellIndex - 1;
const isHeader = line.parentElement?.tagName === "THEAD";
return { row: isHeader ? HEADER : this.corner.row + line.sectionRowIndex, x };
}
reveal({ row, x }) {
const { element: element2 } = this;
const { rowCount } = this.#source;
if (row !== HEADER) {
const end = element2.scrollHeight - element2.clientHeight;
const rowsInView = this.#exactRowsInView;
const top = topToReveal(row, { top: element2.scrollTop, end, rowCount, rowsInView });
if (top !== element2.scrollTop) element2.scrollTop = top;
}
this.#revealed = x;
const width = this.#view.width - this.#rowNumbersWidth;
const left = leftToReveal(x, this.#columnWidths, { left: element2.scrollLeft, width });
if (left !== element2.scrollLeft) element2.scrollLeft = left;
}
async #respond(x0, y0, x1, y1) {
const source = this.#source;
const [xEnd, yEnd] = [Math.min(x1, source.columns.length), Math.min(y1, source.rowCount)];
const data = await source.cells(x0, y0, xEnd, yEnd);
this.#applyWidths();
const columns = source.columns.slice(x0, xEnd);
return {
num_columns: source.columns.length,
num_rows: source.rowCount,
num_row_headers: 1,
num_column_headers: HEADER_ROWS,
row_height: ROW_HEIGHT,
column_header_merge_depth: 0,
merge_headers: "column",
column_headers: columns.map((column, i) => {
return this.#face.header(column, x0 + i);
}),
row_headers: Array.from({ length: Math.max(0, yEnd - y0) }, (_, row) => [String(y0 + row)]),
data: data.map((cells) => cells.map((text) => text?.replaceAll(BREAK, "↵") ?? text))
};
}
#applyWidths() {
if (this.#areWidthsKnown) return;
this.#areWidthsKnown = true;
if (this.#offset === "") interceptOffsets(this.element, (x, y) => this.#shift(x, y));
const { columns, rowCount } = this.#source;
const isLater = this.#columnWidths.length > 0;
this.#columnWidths = columns.map((column) => this.#widths.of(column));
this.#rowNumbersWidth = this.#widths.ofRowNumbers(rowCount);
setColumnWidths(this.element, [this.#rowNumbersWidth, ...this.#columnWidths]);
this.#fitHeight();
if (!isLater) return;
this.draw().then(() => {
if (this.#revealed >= 0) this.reveal({ row: HEADER, x: this.#revealed });
});
}
#fitHeight() {
const { mostRows = 1e4 } = this.#face;
const rows = clamp(this.#source.rowCount, FEWEST, mostRows);
this.#mostInView = Math.max(this.#mostInView, rows);
const width = this.#columnWidths.reduce((sum, each) => sum + each, this.#rowNumbersWidth);
const bar = width > this.#view.width ? SCROLLBAR : 0;
const height = `${(HEADER_ROWS + this.#mostInView) * ROW_HEIGHT + bar}px`;
if (this.element.style.height !== height) this.element.style.height = height;
}
#shift(x, y) {
const table = this.element.querySelector("table");
const body = table?.tBodies[0];
if (body) body.style.transform = y ? `translateY(-${y})` : "";
if (!table || x === this.#offset) return;
this.#offset = x;
table.style.transform = `translateX(-${x})`;
for (const { cells } of table.rows) this.#holdBack(cells[0]);
}
#holdBack(cell) {
const transform = `translateX(${this.#offset})`;
if (cell && cell.style.transform !== transform) cell.style.transform = transform;
}
decorate() {
const table = this.element.querySelector("table");
const [head, body] = [table?.tHead, table?.tBodies[0]];
if (!table || !head || !body) return;
this.#face.beforeDraw?.();
const { label, role, attributes } = this.#face;
const { columns, rowCount } = this.#source;
this.#attributes.set(table, {
role,
"aria-label": label,
"aria-rowcount": String(HEADER_ROWS + rowCount),
"aria-colcount": String(1 + columns.length),
...attributes
});
const first = this.element.getMeta(head.rows[0]?.cells[1]);
const x0 = first?.type === "column_header" ? first.x : 0;
const top = this.element.getMeta(body.rows[0]?.cells[0]);
const y0 = top?.type === "row_header" ? top.y : 0;
this.corner = { row: y0, x: x0 };
for (const line of head.rows) {
for (const [i, cell] of [...line.cells].entries()) this.#decorateHeader(cell, x0 + i - 1, i);
}
for (const [j, line] of [...body.rows].entries()) {
this.#attributes.set(line, { "aria-rowindex": String(1 + HEADER_ROWS + y0 + j) });
for (const [i, cell] of [...line.cells].entries()) {
if (i === 0) this.#decorateRowNumber(cell, y0 + j);
else this.#decorateCell(cell, y0 + j, x0 + i - 1);
}
}
this.#face.onDraw?.();
}
#decorateHeader(cell, x, i) {
const column = i === 0 ? void 0 : this.#source.columns[x];
const width = `${i === 0 ? this.#rowNumbersWidth : this.#columnWidths[x]}px`;
if (cell.style.width !== width) cell.style.width = width;
const isName = cell.parentElement?.previousElementSibling === null;
const { is = "", attributes } = isName && column && this.#face.look?.(HEADER, x) || {};
this.#attributes.set(cell, {
scope: "col",
"aria-colindex": i === 0 ? "1" : String(2 + x),
"data-is": column && isRight(column) ? `right ${is}` : is,
...attributes
});
}
#decorateRowNumber(cell, row) {
const { is = "", attributes } = this.#face.look?.(row, -1) ?? {};
this.#holdBack(cell);
this.#attributes.set(cell, {
scope: "row",
"aria-colindex": "1",
"data-is": is,
...attributes
});
}
#decorateCell(cell, row, x) {
const value = this.element.getMeta(cell)?.value;
const { is = "", attributes } = this.#face.look?.(row, x) ?? {};
const column = this.#source.columns[x];
if (attributes?.["title"] === void 0 && cell.title) cell.removeAttribute("title");
const side = column && isRight(column) ? "right " : "";
const state = value === void 0 ? "late " : value === null ? "null " : "";
this.#attributes.set(cell, {
"aria-colindex": String(2 + x),
"data-is": side + state + is,
...value === null && { "aria-label": "null" },
...attributes
});
}
};
function explainIfClipped(cell) {
if (!cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent ?? "";
}

function dragging({ pointerId }, move, end) {
const over = new AbortController();
const finish = (isDone) => {
over.abort();
end(isDone);
};
for (const type of ["pointermove", "pointerup", "pointercancel"]) {
const follow = (event) => {
if (event.pointerId !== pointerId) return;
if (type === "pointermove") return move(event);
finish(type === "pointerup");
};
window.addEventListener(type, follow, { signal: over.signal });
}
const escape = (event) => {
if (event.key !== "Escape") return;
event.stopPropagation();
finish(false);
};
window.addEventListener("keydown", escape, { capture: true, signal: over.signal });
}

var REACH = 6;
function resizing(table, onResize, onDoubleClick) {
const scroller = table.element;
const gripped = ({ target, clientX }) => {
const place = table.placeOf(target);
const cell = target instanceof Element && target.closest("th");
if (!cell || place?.row !== HEADER || place.x < 0) return void 0;
const { left, right, width } = cell.getBoundingClientRect();
const zoom = zoomOf(scroller);
if (right - clientX <= REACH) return { x: place.x, width: width / zoom };
const before = cell.previousElementSibling?.getBoundingClientRect();
return clientX - left < REACH && place.x > table.corner.x && before ? { x: place.x - 1, width: before.width / zoom } : void 0;
};
scroller.addEventListener("pointermove", (event) => {
if (event.buttons === 0) scroller.classList.toggle("pnx-resizing", Boolean(gripped(event)));
});
scroller.addEventListener("pointerdown", (event) => {
const grip = event.button === 0 && gripped(event);
if (!grip) return;
event.preventDefault();
event.stopImmediatePropagation();
let { width } = grip;
const move = ({ clientX }) => {
width = grip.width + (clientX - event.clientX) / zoomOf(scroller);
onResize(grip.x, width, false);
};
dragging(event, move, (isDone) => {
if (width !== grip.width) onResize(grip.x, isDone ? width : grip.width, true);
});
});
scroller.addEventListener("dblclick", (event) => {
const grip = gripped(event);
if (!grip) return;
event.stopImmediatePropagation();
onDoubleClick?.(grip.x);
});
}

function stopAfterKey(key, { top, end, row, screen }) {
const step = Math.max(1, row);
const stop = {
ArrowDown: top + step,
ArrowUp: top - step,
PageDown: top + Math.max(step, screen - row),
PageUp: top - Math.max(step, screen - row),
Home: 0,
End: end
}[key];
return stop === void 0 ? void 0 : Math.max(0, Math.min(end, stop));
}

function statusLine(source, { retry }) {
const size = element("span");
const position = element("span", { className: "pnx-position", textContent: "Loading…" });
const problem = element("span", { className: "pnx-problem", role: "alert" });
const again = element("button", { type: "button", textContent: "Try again", hidden: true });
again.addEventListener("click", () => {
source.retry();
retry();
});
return {
element: element("div", { className: "pnx-footer" }, size, position, problem, again),
update(table, rows = count(source.rowCount, "row")) {
const { failure, isLoading, rowCount, columns } = source;
write(size, `${rows} × ${count(columns.length, "column")}`);
write(problem, failure?.message ?? "");
again.hidden = !failure || failure.name === "GoneError";
const seen = rowCount ? `rows ${table.corner.row}–${table.lastRow}` : "";
write(position, isLoading && !failure ? "Loading…" : seen);
return isLoading && !failure;
}
};
}
function count(number, noun) {
return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
function write(element2, text) {
if (element2.textContent !== text) element2.textContent = text;
}

var LEAST = 56;
var MOST = 320;
var PADDING = 24;
var SIGNS = 16;
var inReason = (width) => clamp(Math.round(width), 40, 1200);
var USUAL = { text: 140, category: 140, datetime: 170, anything: 140 };
var SAMPLE = 3;
var Widths = class {
#fitted = /* @__PURE__ */ new Map();
chosen = {};
#measure;
#detailOf;
constructor(measure, detailOf) {
this.#measure = measure;
this.#detailOf = detailOf;
}
of(column) {
const { uid } = column;
const usual = USUAL[kindOf(column)] ?? 96;
return this.chosen[uid] ?? this.#fitted.get(uid) ?? Math.max(usual, this.#ofHeader(column));
}
fit(column, texts, isAnew = false) {
if (this.#fitted.has(column.uid) && !isAnew) return false;
const before = this.of(column);
const lengths = (a, b) => b.length - a.length;
const longest = texts.filter((text) => text !== null).sort(lengths).slice(0, SAMPLE);
const widest = Math.max(0, ...longest.map((text) => this.#measure(text.slice(0, 80))));
const width = Math.max(this.#ofHeader(column), widest + PADDING);
this.#fitted.set(column.uid, Math.round(clamp(width, LEAST, MOST)));
return this.of(column) !== before;
}
#ofHeader(column) {
const name = this.#measure(column.name, true) + SIGNS;
const widest = Math.max(name, this.#measure(this.#detailOf(column)));
return Math.min(MOST * 0.75, Math.ceil(widest) + PADDING);
}
ofRowNumbers(rowCount) {
return Math.ceil(Math.max(40, this.#measure("0".repeat(String(rowCount).length)) + PADDING));
}
};
function measurer(shown) {
const pen = document.createElement("canvas").getContext("2d");
let font = "";
return (text, isBold = false) => {
if (!pen) return text.length * 8;
if (!font) {
const { fontSize, fontFamily } = getComputedStyle(shown);
font = `${fontSize} ${fontFamily}`;
}
pen.font = isBold ? `600 ${font}` : font;
return pen.measureText(text).width;
};
}

function showGrid(root2, { label, columns, rowCount }, fetchTile) {
const widths = new Widths(measurer(root2), ({ type }) => type);
const source = new GridSource(fetchTile, {
mostColumns: Infinity,
change: () => table.draw(),
tile(area, tile) {
tile.columns.forEach((texts, i) => {
const column = columns[area.columns[0] + i];
if (column && widths.fit(column, texts)) table.resetWidths();
});
}
});
const table = new GridTable(source, widths, {
label,
role: "table",
header: ({ name, type }) => [name, type],
onDraw: () => root2.setAttribute("aria-busy", String(status.update(table)))
});
const status = statusLine(source, { retry: () => table.draw() });
source.reset(columns, rowCount);
const scroller = table.element;
scroller.setAttribute("role", "region");
scroller.setAttribute("aria-label", label);
scroller.addEventListener("keydown", (event) => scrollByKey(table, rowCount, event));
resizing(table, (x, width) => {
const column = columns[x];
if (!column) return;
widths.chosen[column.uid] = inReason(width);
table.resetWidths();
table.draw();
});
root2.setAttribute("aria-busy", "true");
root2.replaceChildren(scroller, status.element);
}
function scrollByKey({ element: element2, rowsInView }, rowCount, event) {
if (event.altKey || event.metaKey || event.shiftKey) return;
const end = element2.scrollHeight - element2.clientHeight;
const row = rowStep({ top: element2.scrollTop, end, rowCount, rowsInView });
const { scrollTop: top } = element2;
const stop = stopAfterKey(event.key, { top, end, row, screen: row * rowsInView });
if (stop === void 0) return;
event.preventDefault();
element2.scrollTop = stop;
}

var MOST_CHARACTERS = 250;
var DATE = /^\d{4}-\d\d-\d\d$/;
var DATETIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;
var WIDENINGS = [
["integer", "number"],
["date", "datetime"],
["date", "datetime", "text"]
];
function parseExactly(text) {
const { rawJSON } = JSON;
if (!rawJSON) return JSON.parse(text);
const keep = (_key, value, { source }) => typeof value === "number" && String(value) !== source ? rawJSON(source) : value;
return JSON.parse(text, keep);
}
function cellText(value) {
if (value === null) return null;
const text = typeof value === "string" ? value : JSON.stringify(value);
return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
function columnType(values) {
const types = [...new Set(values.filter((value) => value !== null).map(valueType))];
if (types.length < 2) return types[0] ?? "empty";
const wider = WIDENINGS.find((names) => types.every((type) => names.includes(type)));
return wider?.filter((name) => types.includes(name)).at(-1) ?? "mixed";
}
function valueType(value) {
if (typeof value === "boolean") return "boolean";
if (typeof value === "string") {
if (DATE.test(value)) return "date";
return DATETIME.test(value) ? "datetime" : "text";
}
const text = JSON.stringify(value);
if (Number.isNaN(Number(text))) return "mixed";
return /[.eE]/.test(text) ? "number" : "integer";
}

var description = document.getElementById("grid-description");
var root = document.getElementById("grid");
if (description?.textContent && root) show(root, JSON.parse(description.textContent));
function show(root2, { label, address, columns: described, row_count: rowCount }) {
const columns = described.map(({ name, uid }) => ({ uid, name, type: "empty" }));
showGrid(root2, { label, columns, rowCount }, async ({ rows }, wanted, signal) => {
const byUid = await fetchValues(address, rows, signal);
return {
columns: wanted.map((column) => {
const values = byUid.get(column.uid) ?? [];
if (rows[0] === 0) column.type = columnType(values);
return values.map(cellText);
})
};
});
}
async function fetchValues(address, [start, stop], signal) {
const url = new URL(address, location.origin);
url.searchParams.set("start", String(start));
url.searchParams.set("stop", String(stop));
const response = await fetch(url, { signal }).catch(() => {
throw new Error("The server can't be reached.");
});
if (!response.ok)
throw new Error(`The server answered ${response.status}: ${await said(response)}`);
const { cols } = parseExactly(await response.text());
return new Map(Object.values(cols).map(({ uid, data }) => [uid, data]));
}
async function said(response) {
return response.json().then(
({ detail }) => String(detail),
() => response.statusText
);
}
