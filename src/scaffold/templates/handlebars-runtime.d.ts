/** The package declares this entry without its exports. */
declare module "handlebars/runtime.js" {
  import handlebars from "handlebars";

  const runtime: Pick<typeof handlebars, "template">;
  export default runtime;
}
